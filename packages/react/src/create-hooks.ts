import type { Kinds } from "@tidemark/core"
import { type UseDelete, useDelete } from "./use-delete.ts"
import { type UseKey, useKey } from "./use-key.ts"
import { type UseKind, useKind } from "./use-kind.ts"
import { type UseSet, useSet } from "./use-set.ts"
import { useStatus } from "./use-status.ts"
import { type UseStore, useStore } from "./use-store.ts"
import { type UseUpdate, useUpdate } from "./use-update.ts"
import { type UseWatch, useWatch } from "./use-watch.ts"

/** The hooks, typed by declared kinds. */
export interface Hooks<K extends Kinds> {
  readonly useDelete: UseDelete<K>
  readonly useKey: UseKey<K>
  readonly useKind: UseKind<K>
  readonly useSet: UseSet<K>
  readonly useStatus: typeof useStatus
  readonly useStore: UseStore<K>
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
  const hooks = { useDelete, useKey, useKind, useSet, useStatus, useStore, useUpdate, useWatch }
  // The kinds are types alone: at run time the hooks are the same for all.
  return hooks as unknown as Hooks<K>
}
