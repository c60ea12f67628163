import type { KindName, Kinds, ValueOf } from "@tidemark/core"
import { useMemo } from "react"
import { useSurroundings } from "./context.ts"
import { createReading, useReading } from "./reading.ts"
import type { RegisteredKinds } from "./register.ts"

/** Options of `useKey`. */
export interface KeyOptions<V> {
  /** What to give where there is no entry, and as long as it is being read. */
  readonly initial: V
}

export type UseKey<K extends Kinds> = {
  <N extends KindName<K>>(kind: N, key: string, options: KeyOptions<ValueOf<K, N>>): ValueOf<K, N>
  <N extends KindName<K>>(kind: N, key: string): ValueOf<K, N> | undefined
}

/**
 * The value of one key, kept current: own writes show at once. Renders again only when the value
 * becomes another one; the object stays the same until then. `undefined`, or `initial`, where
 * there is no entry, and as long as the store still reads it.
 *
 * @throws StoreError `invalid_key`, `not_found` (no StoreProvider; a kind unknown to a strict store), `closed`
 * @example
 * const alice = useKey("users", "alice")
 * const theme = useKey("settings", "theme", { initial: "light" })
 */
export const useKey: UseKey<RegisteredKinds> = (
  kind: string,
  key: string,
  options?: KeyOptions<unknown>,
): unknown => {
  const { store, hydration } = useSurroundings("useKey()")
  const reading = useMemo(
    () =>
      createReading({
        present: store && { store, live: store.live(kind, key) },
        hydrated: hydration?.key(kind, key),
        none: undefined,
      }),
    [store, hydration, kind, key],
  )
  const value = useReading(reading)
  return value === undefined ? options?.initial : value
}
