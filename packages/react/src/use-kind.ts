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
import { createReading, useReading } from "./reading.ts"
import type { RegisteredKinds } from "./register.ts"

export type UseKind<K extends Kinds> = <N extends KindName<K>>(
  kind: N,
  query?: Query<ValueOf<K, N>>,
) => readonly EntryOf<K, N>[]

const NO_ENTRIES: readonly never[] = Object.freeze([])

/**
 * The entries that a query finds, all of the kind without one, kept current. The query may be
 * written in place: equal queries are one. Renders again only when the result becomes another
 * one; entries that did not change stay the same objects. Empty as long as the store still reads.
 *
 * @throws StoreError `invalid_value` for a query that cannot be read; and as `useKey` does
 * @example
 * const open = useKind("tasks", { where: { done: false }, orderBy: "due", limit: 50 })
 */
export const useKind: UseKind<RegisteredKinds> = (kind, query) => {
  const { store, hydration } = useSurroundings("useKind()")
  const id = queryId(query ?? {})
  // biome-ignore lint/correctness/useExhaustiveDependencies: the id stands for the query; equal queries have equal ids.
  const reading = useMemo(
    () =>
      createReading({
        present: store && { store, live: store.liveList(kind, query) },
        hydrated: hydration?.list(kind, id),
        none: NO_ENTRIES,
      }),
    [store, hydration, kind, id],
  )
  return useReading(reading)
}
