import { type Change, type KindName, type Kinds, StoreError, type ValueOf } from "@tidemark/core"
import { useEffect, useState } from "react"
import { useSurroundings } from "./context.ts"
import type { RegisteredKinds } from "./register.ts"

export type UseHistory<K extends Kinds> = <N extends KindName<K>>(
  kind: N,
  key: string,
  options?: { readonly limit?: number },
) => readonly Change<ValueOf<K, N>>[]

interface Read {
  readonly store: unknown
  readonly id: string
  readonly changes: readonly Change<never>[]
}

const NO_CHANGES: readonly never[] = Object.freeze([])

/**
 * The kept changes of one entry, newest first, at most `limit` (default 100), kept current as they
 * become durable. Empty until they have been read.
 *
 * @throws StoreError to the nearest error boundary, as `store.history` does
 * @example
 * const versions = useHistory("notes", id, { limit: 20 })
 */
export const useHistory: UseHistory<RegisteredKinds> = (kind, key, { limit = 100 } = {}) => {
  const { store } = useSurroundings("useHistory()")
  const [read, setRead] = useState<Read>()
  const [failure, fail] = useState<{ readonly error: unknown }>()
  const id = JSON.stringify([kind, key, limit])
  useEffect(() => {
    if (store === undefined) return
    let isWanted = true
    let isReading = false
    /** Whether there is more than what was asked for last. */
    let isBehind = false
    const failed = (error: unknown) => {
      if (isWanted) fail({ error })
    }
    // One reading at a time: where changes come faster than answers, each answer still shows.
    const look = async () => {
      isBehind = true
      if (isReading) return
      isReading = true
      while (isWanted && isBehind) {
        isBehind = false
        const changes = await store.history(kind, key, { limit })
        if (isWanted) setRead({ store, id, changes: changes as Read["changes"] })
      }
      isReading = false
    }
    const next = () => {
      look().catch((error) => {
        // What is shown of a store that has closed stays.
        if (!StoreError.is(error, "closed")) failed(error)
      })
    }
    const watching = store.watch([kind, key]).subscribe({ next, error: failed })
    next()
    return () => {
      isWanted = false
      watching.unsubscribe()
    }
  }, [store, kind, key, limit, id])
  if (failure !== undefined) throw failure.error
  // What another store, or another entry, has kept is nothing that may show for a moment here.
  const isOfThis = read !== undefined && read.store === store && read.id === id
  return isOfThis ? read.changes : NO_CHANGES
}
