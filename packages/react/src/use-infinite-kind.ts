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
import { firstPageOf, pageSize } from "./first-page.ts"
import { GrowingList, type InfiniteKind } from "./growing-list.ts"
import { type Reading, useReading } from "./reading.ts"
import type { RegisteredKinds } from "./register.ts"

export type UseInfiniteKind<K extends Kinds> = <N extends KindName<K>>(
  kind: N,
  query?: Query<ValueOf<K, N>>,
) => InfiniteKind<EntryOf<K, N>>

/**
 * A list that grows by a page each time `loadMore` is called, kept current as a whole; `limit` is
 * the length of a page, 50 without one. What is shown stays until more has been read. Another
 * query begins anew. On a server and in the first render of a client it is the first page, where
 * that was hydrated, and still loading: more comes when there is a store.
 *
 * @throws StoreError as `useKind` does
 * @example
 * const { entries, hasMore, loadMore } = useInfiniteKind("messages", { reverse: true, limit: 30 })
 */
export const useInfiniteKind: UseInfiniteKind<RegisteredKinds> = (kind, query = {}) => {
  const { store, hydration } = useSurroundings("useInfiniteKind()")
  const id = queryId(query)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the id stands for the query; equal queries have equal ids.
  const reading = useMemo((): Reading<InfiniteKind<never>> => {
    const hydrated = hydration?.list(kind, queryId(firstPageOf(query as Query)))
    const rendered = (hydrated?.value ?? []) as readonly never[]
    const first = pageAsRendered(rendered, pageSize(query as Query))
    const list = store && new GrowingList(store, kind, query as Query, hydrated)
    return {
      subscribe: list?.subscribe ?? subscribeToNothing,
      get: (list?.get as (() => InfiniteKind<never>) | undefined) ?? (() => first),
      getServer: () => first,
    }
  }, [store, hydration, kind, id])
  return useReading(reading)
}

/** The first page as a server renders it, and a client for the first time. */
function pageAsRendered<E>(whole: readonly E[], size: number): InfiniteKind<E> {
  return Object.freeze({
    entries: Object.freeze(whole.slice(0, size)),
    hasMore: whole.length > size,
    isLoading: true,
    status: "loading",
    error: undefined,
    loadMore() {},
  })
}

function subscribeToNothing(): () => void {
  return () => {}
}
