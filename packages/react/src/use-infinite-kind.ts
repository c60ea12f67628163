import {
  type EntryOf,
  type KindName,
  type Kinds,
  type Query,
  queryId,
  type ValueOf,
} from "@tidemark/core"
import { useMemo } from "react"
import { useSurroundings } from "./context.ts"
import { GrowingList, type InfiniteKind } from "./growing-list.ts"
import { useReading } from "./reading.ts"
import type { RegisteredKinds } from "./register.ts"

export type UseInfiniteKind<K extends Kinds> = <N extends KindName<K>>(
  kind: N,
  query?: Query<ValueOf<K, N>>,
) => InfiniteKind<EntryOf<K, N>>

/** How many entries a page has without a `limit`. */
const PAGE = 50

const NOTHING: InfiniteKind<never> = Object.freeze({
  entries: Object.freeze([]),
  hasMore: false,
  isLoading: true,
  status: "loading",
  loadMore() {},
})

/**
 * A list that grows by a page each time `loadMore` is called, kept current as a whole; `limit` is
 * the length of a page, 50 without one. What is shown stays until more has been read. Another
 * query begins anew. Empty on a server and in the first render of a page that came from one.
 *
 * @throws StoreError as `useKind` does
 * @example
 * const { entries, hasMore, loadMore } = useInfiniteKind("messages", { reverse: true, limit: 30 })
 */
export const useInfiniteKind: UseInfiniteKind<RegisteredKinds> = (kind, query = {}) => {
  const { store } = useSurroundings("useInfiniteKind()")
  const id = queryId(query)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the id stands for the query; equal queries have equal ids.
  const list = useMemo(
    () => store && new GrowingList(store, kind, query as Query, query.limit ?? PAGE),
    [store, kind, id],
  )
  return useReading<InfiniteKind<never>>({
    subscribe: list?.subscribe ?? subscribeToNothing,
    get: (list?.get as (() => InfiniteKind<never>) | undefined) ?? getNothing,
    getServer: getNothing,
  })
}

function subscribeToNothing(): () => void {
  return () => {}
}

function getNothing(): InfiniteKind<never> {
  return NOTHING
}
