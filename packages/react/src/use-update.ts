import type {
  Awaitable,
  EntryWriteOptions,
  InputOf,
  KindName,
  Kinds,
  SetResult,
  ValueOf,
} from "@tidemark/core"
import { useCallback } from "react"
import { presentStore, useSurroundings } from "./context.ts"
import type { RegisteredKinds } from "./register.ts"

/** Makes a new value of the present one. Rejects as `store.update` does. */
export type UpdateEntry<K extends Kinds, N extends string> = (
  key: string,
  change: (value: ValueOf<K, N>) => Awaitable<InputOf<K, N>>,
  options?: EntryWriteOptions,
) => Promise<SetResult>

export type UseUpdate<K extends Kinds> = <N extends KindName<K>>(kind: N) => UpdateEntry<K, N>

/**
 * A function that changes entries of a kind by their present value: the same one in every
 * render. The change runs again when somebody else was faster.
 *
 * @throws StoreError `not_found` without a StoreProvider
 * @example
 * const updateTask = useUpdate("tasks")
 * const finish = () => updateTask(id, (task) => ({ ...task, done: true }))
 */
export const useUpdate: UseUpdate<RegisteredKinds> = (kind) => {
  const { store } = useSurroundings("useUpdate()")
  return useCallback(
    async (key, change, options) =>
      presentStore(store, `${kind}/${key} cannot be updated`).update(kind, key, change, options),
    [store, kind],
  )
}
