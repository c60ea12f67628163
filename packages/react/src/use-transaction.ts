import type { Awaitable, Kinds, Transaction, WriteOptions } from "@tidemark/core"
import { useCallback } from "react"
import { presentStore, useSurroundings } from "./context.ts"
import type { RegisteredKinds } from "./register.ts"

/** Runs steps on staged writes and commits them as one batch. Rejects as `store.transaction` does. */
export type RunTransaction<K extends Kinds> = <T>(
  steps: (tx: Transaction<K>) => Awaitable<T>,
  options?: WriteOptions,
) => Promise<T>

export type UseTransaction<K extends Kinds> = () => RunTransaction<K>

/**
 * A function that writes several entries together, or none: the same one in every render.
 *
 * @throws StoreError `not_found` without a StoreProvider
 * @example
 * const transact = useTransaction()
 * const move = () => transact(async (tx) => { await tx.delete("inbox", id); await tx.set("done", id, task) })
 */
export const useTransaction: UseTransaction<RegisteredKinds> = () => {
  const { store } = useSurroundings("useTransaction()")
  return useCallback(
    async (steps, options) =>
      presentStore(store, "The transaction cannot run").transaction(steps, options),
    [store],
  )
}
