import {
  type EntryOf,
  type KindName,
  type Kinds,
  type Query,
  queryId,
  type ValueOf,
} from "@tidemark/core"
import { useSurroundings } from "./context.ts"
import type { RegisteredKinds } from "./register.ts"
import { waitForLive } from "./suspense.ts"
import { useKind } from "./use-kind.ts"

export type UseSuspenseKind<K extends Kinds> = <N extends KindName<K>>(
  kind: N,
  query?: Query<ValueOf<K, N>>,
) => readonly EntryOf<K, N>[]

/**
 * As `useKind`, but the nearest Suspense boundary shows its fallback until the store is open and
 * the list has been read: an empty one is empty.
 *
 * @throws StoreError as `useKind` does; `storage_unavailable` where there will be no store
 * @example
 * const tasks = useSuspenseKind("tasks", { where: { done: false } })
 */
export const useSuspenseKind: UseSuspenseKind<RegisteredKinds> = (kind, query) => {
  const surroundings = useSurroundings("useSuspenseKind()")
  const { store, hydration } = surroundings
  const entries = useKind(kind, query)
  const live = store?.liveList(kind, query)
  if (!hydration?.list(kind, queryId(query ?? {}))?.isReadBy(live)) {
    waitForLive(surroundings, live, kind)
  }
  return entries
}
