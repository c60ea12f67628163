import type { DeleteResult, EntryWriteOptions, KindName, Kinds, ValueOf } from "@tidemark/core"
import { useCallback } from "react"
import { presentStore, useSurroundings } from "./context.ts"
import type { RegisteredKinds } from "./register.ts"

/** Deletes an entry of one kind; one that is not there is no error. Rejects as `store.delete` does. */
export type DeleteEntry<K extends Kinds, N extends string> = (
  key: string,
  options?: EntryWriteOptions,
) => Promise<DeleteResult<ValueOf<K, N>>>

export type UseDelete<K extends Kinds> = <N extends KindName<K>>(kind: N) => DeleteEntry<K, N>

/**
 * A function that deletes entries of a kind: the same one in every render.
 *
 * @throws StoreError `not_found` without a StoreProvider
 * @example
 * const deleteTask = useDelete("tasks")
 * <button onClick={() => deleteTask(id)}>Delete</button>
 */
export const useDelete: UseDelete<RegisteredKinds> = (kind) => {
  const { store } = useSurroundings("useDelete()")
  return useCallback(
    async (key, options) =>
      presentStore(store, `${kind}/${key} cannot be deleted`).delete(kind, key, options),
    [store, kind],
  )
}
