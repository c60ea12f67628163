import type { Change, KindName, Kinds, ValueOf } from "@tidemark/core"
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
    let asked = 0
    const look = () => {
      const turn = ++asked
      store.history(kind, key, { limit }).then(
        // An answer that others have overtaken is of no use.
        (changes) => turn === asked && setRead({ store, id, changes: changes as Read["changes"] }),
        (error: unknown) => turn === asked && fail({ error }),
      )
    }
    const error = (reason: unknown) => fail({ error: reason })
    const watching = store.watch([kind, key]).subscribe({ next: look, error })
    look()
    return () => {
      asked = Number.NaN
      watching.unsubscribe()
    }
  }, [store, kind, key, limit, id])
  if (failure !== undefined) throw failure.error
  // What another store, or another entry, has kept is nothing that may show for a moment here.
  const isOfThis = read !== undefined && read.store === store && read.id === id
  return isOfThis ? read.changes : NO_CHANGES
}
