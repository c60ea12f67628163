import {
  type EntryOf,
  type KindName,
  type Kinds,
  type Query,
  queryId,
  type ValueOf,
} from "@tidemark/core"
import { retain } from "@tidemark/core/engine"
import { useInsertionEffect, useMemo, useRef } from "react"
import { useSurroundings } from "./context.ts"
import { createReading, type Reading, useReading } from "./reading.ts"
import type { RegisteredKinds } from "./register.ts"

export type UseSelect<K extends Kinds> = {
  <N extends KindName<K>, T>(
    kind: N,
    key: string,
    select: (value: ValueOf<K, N> | undefined) => T,
  ): T
  <N extends KindName<K>, T>(
    kind: N,
    query: Query<ValueOf<K, N>>,
    select: (entries: readonly EntryOf<K, N>[]) => T,
  ): T
}

const NO_ENTRIES: readonly never[] = Object.freeze([])

/**
 * What a function makes of a value, or of a list: renders again only when that becomes another
 * one. The function may be written in place and may give a new object each time: what is equal
 * to the result before stays the same object. It must be pure.
 *
 * @throws what the function throws; StoreError as `useKey` and `useKind` do
 * @example
 * const name = useSelect("users", "alice", (user) => user?.name)
 * const open = useSelect("tasks", { where: { done: false } }, (tasks) => ({ count: tasks.length }))
 */
export const useSelect: UseSelect<RegisteredKinds> = ((
  kind: string,
  what: string | Query,
  select: Select,
): unknown => {
  const { store, hydration } = useSurroundings("useSelect()")
  const id = typeof what === "string" ? what : queryId(what)
  const isKey = typeof what === "string"
  // biome-ignore lint/correctness/useExhaustiveDependencies: the id stands for the query; equal queries have equal ids.
  const { subscribe, get, getServer } = useMemo((): Reading<unknown> => {
    if (typeof what !== "string") {
      const present = store && { store, live: store.liveList(kind, what) }
      const hydrated = hydration?.list(kind, id)
      return createReading<readonly unknown[]>({ present, hydrated, none: NO_ENTRIES })
    }
    const present = store && { store, live: store.live(kind, what) }
    return createReading({ present, hydrated: hydration?.key(kind, what), none: undefined })
  }, [store, hydration, kind, id, isKey])
  const shown = useRef<unknown>(undefined)
  const selecting = useMemo(
    () => ({
      get: selectFrom(get, select, shown),
      getServer: selectFrom(getServer, select, shown),
    }),
    [get, getServer, select],
  )
  const selected = useReading({ subscribe, ...selecting })
  // Before the first look at the store after the render, which must find it equal.
  useInsertionEffect(() => {
    shown.current = selected
  })
  return selected
}) as UseSelect<RegisteredKinds>

type Select = (source: unknown) => unknown

/**
 * Selects anew where there is something new, and gives what is on the screen where that is equal.
 * Each render has its own: one that React has put aside, or thrown away, with another function
 * leaves what the others remember alone.
 */
function selectFrom(
  get: () => unknown,
  select: Select,
  shown: { readonly current: unknown },
): () => unknown {
  let last: { readonly source: unknown; readonly result: unknown } | undefined
  return () => {
    const source = get()
    if (last !== undefined && last.source === source) return last.result
    const result = retain(last === undefined ? shown.current : last.result, select(source))
    last = { source, result }
    return result
  }
}
