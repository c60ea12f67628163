import {
  type EntryOf,
  type KindName,
  type Kinds,
  type Query,
  queryId,
  type ValueOf,
} from "@tidemark/core"
import { retain } from "@tidemark/core/engine"
import { useMemo } from "react"
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
  const source = useMemo((): Reading<unknown> & { selected: Selected; first: Selected } => {
    const reading: Reading<unknown> =
      typeof what === "string"
        ? createReading({
            present: store && { store, live: store.live(kind, what) },
            hydrated: hydration?.key(kind, what),
            none: undefined,
          })
        : createReading<readonly unknown[]>({
            present: store && { store, live: store.liveList(kind, what) },
            hydrated: hydration?.list(kind, id),
            none: NO_ENTRIES,
          })
    return { ...reading, selected: new Selected(), first: new Selected() }
  }, [store, hydration, kind, id, isKey])
  const { subscribe, get, getServer, selected, first } = source
  return useReading({
    subscribe,
    get: () => selected.of(get(), select),
    getServer: () => first.of(getServer(), select),
  })
}) as UseSelect<RegisteredKinds>

type Select = (source: unknown) => unknown

/** Remembers what was selected of what, so that what is equal stays the same. */
class Selected {
  #last: { readonly source: unknown; readonly select: Select; readonly result: unknown } | undefined

  of(source: unknown, select: Select): unknown {
    const last = this.#last
    if (last !== undefined && last.source === source && last.select === select) return last.result
    const result = retain(last?.result, select(source))
    this.#last = { source, select, result }
    return result
  }
}
