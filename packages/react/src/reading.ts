import type { Live, Store } from "@tidemark/core"
import { useSyncExternalStore } from "react"
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

/** The result that a component draws now, drawn again when it becomes another one. */
export function useReading<T>({ subscribe, get, getServer }: Reading<T>): T {
  return useSyncExternalStore(subscribe, get, getServer)
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
