import type { Kinds, Store } from "@tidemark/core"
import { type ReactNode, useEffect, useMemo, useState } from "react"
import { SurroundingsContext } from "./context.ts"

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
 * @example
 * <StoreProvider store={store}><App /></StoreProvider>
 */
export function StoreProvider<K extends Kinds>({
  store,
  children,
}: StoreProviderProps<K>): ReactNode {
  const present = usePresent(store)
  const surroundings = useMemo(
    // Inside, values are unknown; the hooks' own types tell which they are.
    () => ({ store: present as Store | undefined, hydration: undefined }),
    [present],
  )
  return (
    <SurroundingsContext.Provider value={surroundings}>{children}</SurroundingsContext.Provider>
  )
}

/** What a promise that we waited for has become. */
type Settled<S> = { readonly of: PromiseLike<S> } & (
  | { readonly store: S }
  | { readonly error: unknown }
)

function usePresent<S extends object>(given: S | PromiseLike<S> | undefined): S | undefined {
  const promise = given !== undefined && isPromiseLike(given) ? given : undefined
  const [settled, settle] = useState<Settled<S>>()
  useEffect(() => {
    if (promise === undefined) return
    let wanted = true
    const tell = (result: Settled<S>) => {
      if (wanted) settle(result)
    }
    promise.then(
      (store) => tell({ of: promise, store }),
      (error: unknown) => tell({ of: promise, error }),
    )
    return () => {
      wanted = false
    }
  }, [promise])
  if (given === undefined || !isPromiseLike(given)) return given
  if (settled?.of !== given) return undefined
  if ("error" in settled) throw settled.error
  return settled.store
}

function isPromiseLike<S extends object>(given: S | PromiseLike<S>): given is PromiseLike<S> {
  return "then" in given
}
