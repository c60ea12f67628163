import { type Kinds, type Store, StoreError } from "@tidemark/core"
import { type ReactNode, useEffect, useMemo, useState } from "react"
import { SurroundingsContext } from "./context.ts"
import { openingOf } from "./opening.ts"

export interface StoreProviderProps<K extends Kinds> {
  /**
   * The store; or the promise of one, always the same; or nothing, on a server and as long as
   * there is none. Until it is there, hooks give hydrated values, or their initial ones.
   */
  readonly store: Store<K> | PromiseLike<Store<K>> | undefined
  readonly children?: ReactNode
}

/**
 * Gives a store to the hooks below. It belongs to whoever opened it: the provider does not
 * close it. A promise that rejects throws its error to the nearest error boundary.
 *
 * @throws StoreError `invalid_value` for what is no store.
 *
 * @example
 * <StoreProvider store={store}><App /></StoreProvider>
 */
export function StoreProvider<K extends Kinds>({
  store,
  children,
}: StoreProviderProps<K>): ReactNode {
  if (store !== undefined) checkStore(store)
  const promise = store !== undefined && isPromiseLike(store) ? store : undefined
  const opened = useOpened(promise)
  // Inside, values are unknown; the hooks' own types tell which they are.
  const present = (promise === undefined ? store : opened) as Store | undefined
  const surroundings = useMemo(
    () => ({
      store: present,
      hydration: undefined,
      opening: promise && present === undefined ? openingOf(promise).done : undefined,
    }),
    [present, promise],
  )
  return (
    <SurroundingsContext.Provider value={surroundings}>{children}</SurroundingsContext.Provider>
  )
}

/** The store that a promise has resolved to. @throws what it has rejected with */
function useOpened<S extends object>(promise: PromiseLike<S> | undefined): S | undefined {
  const [, settle] = useState<PromiseLike<S>>()
  useEffect(() => {
    if (promise === undefined) return
    let wanted = true
    openingOf(promise).done.then(() => {
      if (wanted) settle(promise)
    })
    return () => {
      wanted = false
    }
  }, [promise])
  if (promise === undefined) return undefined
  const { outcome } = openingOf(promise)
  if (outcome === undefined) return undefined
  if ("error" in outcome) throw outcome.error
  return outcome.store as S
}

function checkStore(given: unknown): void {
  const { live, then } = Object(given) as { readonly live?: unknown; readonly then?: unknown }
  if (typeof live === "function" || typeof then === "function") return
  throw new StoreError("invalid_value", "StoreProvider was given no store", {
    hint: "Give what openStore() or connect() gave, or the promise of it; undefined as long as there is none",
  })
}

function isPromiseLike<S extends object>(given: S | PromiseLike<S>): given is PromiseLike<S> {
  return "then" in given
}
