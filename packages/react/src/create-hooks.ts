import type { Kinds } from "@tidemark/core"
import { type UseConsumer, useConsumer } from "./use-consumer.ts"
import { type UseDelete, useDelete } from "./use-delete.ts"
import { type UseEntry, useEntry } from "./use-entry.ts"
import { type UseHistory, useHistory } from "./use-history.ts"
import { type UseInfiniteKind, useInfiniteKind } from "./use-infinite-kind.ts"
import { type UseKey, useKey } from "./use-key.ts"
import { type UseKind, useKind } from "./use-kind.ts"
import { useLive } from "./use-live.ts"
import { type UseSelect, useSelect } from "./use-select.ts"
import { type UseSet, useSet } from "./use-set.ts"
import { useStatus } from "./use-status.ts"
import { type UseStore, useStore } from "./use-store.ts"
import { type UseSuspenseKey, useSuspenseKey } from "./use-suspense-key.ts"
import { type UseSuspenseKind, useSuspenseKind } from "./use-suspense-kind.ts"
import { type UseTransaction, useTransaction } from "./use-transaction.ts"
import { type UseUndo, useUndo } from "./use-undo.ts"
import { type UseUpdate, useUpdate } from "./use-update.ts"
import { type UseWatch, useWatch } from "./use-watch.ts"

/** The hooks, typed by declared kinds. */
export interface Hooks<K extends Kinds> {
  readonly useConsumer: UseConsumer<K>
  readonly useDelete: UseDelete<K>
  readonly useEntry: UseEntry<K>
  readonly useHistory: UseHistory<K>
  readonly useInfiniteKind: UseInfiniteKind<K>
  readonly useKey: UseKey<K>
  readonly useKind: UseKind<K>
  readonly useLive: typeof useLive
  readonly useSelect: UseSelect<K>
  readonly useSet: UseSet<K>
  readonly useStatus: typeof useStatus
  readonly useStore: UseStore<K>
  readonly useSuspenseKey: UseSuspenseKey<K>
  readonly useSuspenseKind: UseSuspenseKind<K>
  readonly useTransaction: UseTransaction<K>
  readonly useUndo: UseUndo<K>
  readonly useUpdate: UseUpdate<K>
  readonly useWatch: UseWatch<K>
}

/**
 * The hooks of this package, typed by an application's kinds: the other way than `Register`, for
 * a library, or for several stores with different kinds in one application.
 *
 * @example
 * export const { useKey, useKind, useSet } = createHooks<typeof kinds>()
 */
export function createHooks<K extends Kinds>(): Hooks<K> {
  const hooks = {
    useConsumer,
    useDelete,
    useEntry,
    useHistory,
    useInfiniteKind,
    useKey,
    useKind,
    useLive,
    useSelect,
    useSet,
    useStatus,
    useStore,
    useSuspenseKey,
    useSuspenseKind,
    useTransaction,
    useUndo,
    useUpdate,
    useWatch,
  }
  // The kinds are types alone: at run time the hooks are the same for all.
  return hooks as unknown as Hooks<K>
}
