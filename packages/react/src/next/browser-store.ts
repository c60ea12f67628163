import type { Kinds, Store } from "@tidemark/core"
import { kept, letGo } from "./kept.ts"

/**
 * The store of a page, for a StoreProvider: opened at the first call in a browser, and once for
 * the page, however often development loads the code again; nothing on a server, where the hooks
 * draw what `Hydrated` gives them. One that could not be opened is tried again by the next call,
 * such as after the reset of an error boundary. `name` tells the stores of one page apart.
 *
 * @example
 * "use client"
 * const tasks = browserStore("tasks", () => connect(httpChannel("/api/tidemark"), { kinds }))
 *
 * export function TasksProvider({ children }: { readonly children: ReactNode }) {
 *   return <StoreProvider store={tasks()}>{children}</StoreProvider>
 * }
 */
export function browserStore<S extends Store<K> | PromiseLike<Store<K>>, K extends Kinds>(
  name: string,
  open: () => S,
): () => S | undefined {
  const id = `browser/${name}`
  const opening = () => {
    const store = open()
    if ("then" in store) store.then(undefined, () => letGo(id, store))
    return store
  }
  return () => (typeof document === "undefined" ? undefined : kept(id, opening))
}
