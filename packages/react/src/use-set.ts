import type { EntryWriteOptions, InputOf, KindName, Kinds, SetResult } from "@tidemark/core"
import { useCallback } from "react"
import { presentStore, useSurroundings } from "./context.ts"
import type { RegisteredKinds } from "./register.ts"

/** Writes an entry of one kind. It shows before the promise is returned; rejects as `store.set` does. */
export type SetEntry<K extends Kinds, N extends string> = (
  key: string,
  value: InputOf<K, N>,
  options?: EntryWriteOptions,
) => Promise<SetResult>

export type UseSet<K extends Kinds> = <N extends KindName<K>>(kind: N) => SetEntry<K, N>

/**
 * A function that writes entries of a kind: the same one in every render. What it writes shows
 * before it returns, so that a controlled input keeps its caret.
 *
 * @throws StoreError `not_found` without a StoreProvider
 * @example
 * const setUser = useSet("users")
 * <input value={name} onChange={(event) => setUser("alice", { name: event.target.value })} />
 */
export const useSet: UseSet<RegisteredKinds> = (kind) => {
  const { store } = useSurroundings("useSet()")
  return useCallback(
    async (key, value, options) =>
      presentStore(store, `${kind}/${key} cannot be set`).set(kind, key, value, options),
    [store, kind],
  )
}
