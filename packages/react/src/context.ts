import { type Store, StoreError } from "@tidemark/core"
import { type Context, createContext, useContext } from "react"
import type { Hydration } from "./hydration.ts"

/** What the providers above a component give to its hooks. */
export interface Surroundings {
  /** Absent on a server, and as long as a store is being opened. */
  readonly store: Store | undefined
  /** Resolves when a store that is being opened is there. */
  readonly opening?: Promise<void> | undefined
  readonly hydration: Hydration | undefined
}

/** Carries the surroundings from the providers to the hooks. */
export const SurroundingsContext: Context<Surroundings | undefined> = createContext<
  Surroundings | undefined
>(undefined)

/** @throws StoreError `not_found` where no StoreProvider is above; `user` is who asks. */
export function useSurroundings(user: string): Surroundings {
  const surroundings = useContext(SurroundingsContext)
  if (surroundings !== undefined) return surroundings
  throw new StoreError("not_found", `${user} found no StoreProvider above its component`, {
    hint: "Wrap the application in <StoreProvider store={store}>",
  })
}

/** The store, where there must be one. @throws StoreError `storage_unavailable` */
export function presentStore(store: Store | undefined, what: string): Store {
  if (store !== undefined) return store
  throw new StoreError("storage_unavailable", `${what}: the StoreProvider has no store yet`, {
    hint: "A store that is being opened comes later, and on a server there may be none: wait for it",
  })
}
