import type { Live, Store } from "@tidemark/core"
import { useEffect, useLayoutEffect, useReducer, useSyncExternalStore, version } from "react"
import type { HydratedResult } from "./hydrated-result.ts"

/** What a hook reads, in the form in which `useSyncExternalStore` takes it. */
export interface Reading<T> {
  subscribe(this: void, listener: () => void): () => void
  get(this: void): T
  getServer(this: void): T
}

/** Where the parts of a reading come from. */
export interface Sources<T> {
  /** The store and its live result, when there is a store. */
  readonly present: { readonly store: Store; readonly live: Live<T> } | undefined
  readonly hydrated: HydratedResult<T> | undefined
  /** What to draw when nobody knows better. */
  readonly none: T
}

/** React 18 has no Activity, and complains of layout effects on a server. */
const useBeforePaint: typeof useLayoutEffect = version.startsWith("18.")
  ? useEffect
  : useLayoutEffect

/** The result that a component draws now, drawn again when it becomes another one. */
export function useReading<T>({ subscribe, get, getServer }: Reading<T>): T {
  const result = useSyncExternalStore(subscribe, get, getServer)
  const [, drawAgain] = useReducer((draws: number) => draws + 1, 0)
  // A revealed Activity shows what it has kept, or has prepared, and subscribes when it was painted.
  useBeforePaint(() => {
    if (!Object.is(get(), result)) drawAgain()
  })
  return result
}

/** Lays the hydrated result over the live one, as long as it knows better. */
export function createReading<T>({ present, hydrated, none }: Sources<T>): Reading<T> {
  if (present === undefined) {
    const value = hydrated === undefined ? none : hydrated.value
    return { subscribe: () => () => {}, get: () => value, getServer: () => value }
  }
  const { live, store } = present
  const subscribe = (listener: () => void) => live.subscribe(listener)
  if (hydrated === undefined) {
    // In the first render of a client the store may know more than the server has rendered.
    return { subscribe, get: () => live.get(), getServer: () => (isServer() ? live.get() : none) }
  }
  return {
    subscribe(listener) {
      const stopLive = subscribe(listener)
      const stopWaiting = hydrated.position.whenReached(store, listener)
      return () => {
        stopLive()
        stopWaiting()
      }
    },
    get: () => hydrated.current(live, store),
    getServer: () => hydrated.value,
  }
}

function isServer(): boolean {
  return typeof document === "undefined"
}
