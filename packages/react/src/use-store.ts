import type { Kinds, Store } from "@tidemark/core"
import { presentStore, useSurroundings } from "./context.ts"
import type { RegisteredKinds } from "./register.ts"

export type UseStore<K extends Kinds> = () => Store<K>

/**
 * The store of the nearest StoreProvider, for what the other hooks do not do. Does not make the
 * component render again.
 *
 * @throws StoreError `not_found` without a StoreProvider; `storage_unavailable` where it has no store yet
 * @example
 * const store = useStore()
 * const buy = () => store.transaction(async (tx) => { … })
 */
export const useStore: UseStore<RegisteredKinds> = () =>
  presentStore(useSurroundings("useStore()").store, "useStore() cannot give a store")
