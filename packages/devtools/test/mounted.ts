import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import type { Devtools, DevtoolsOptions } from "@tidemark/devtools/production"
import { mountDevtools } from "@tidemark/devtools/production"

/** A store with a few entries, and the panel on it. */
export interface Mounted {
  readonly store: Store
  readonly element: HTMLElement
  readonly devtools: Devtools
  /** What of the panel a selector finds. */
  find<E extends HTMLElement = HTMLElement>(selector: string): E | null
  /** The same, which must be there. */
  get<E extends HTMLElement = HTMLElement>(selector: string): E
  unmount(): void
}

/** Mounts an open panel on a store of its own, which remembers nothing. */
export async function mounted(
  options: DevtoolsOptions = {},
  fill: (store: Store) => Promise<unknown> = fillUsers,
  store: Store = openStore(),
): Promise<Mounted> {
  await fill(store)
  const element = document.createElement("div")
  document.body.append(element)
  const storageKey = `test-${crypto.randomUUID()}`
  const devtools = mountDevtools(element, store, { open: true, storageKey, ...options })
  const find = <E extends HTMLElement>(selector: string) =>
    element.firstElementChild?.shadowRoot?.querySelector<E>(selector) ?? null
  return {
    store,
    element,
    devtools,
    find,
    get<E extends HTMLElement>(selector: string) {
      const found = find<E>(selector)
      if (found === null) throw new Error(`The panel has no ${selector}`)
      return found
    },
    unmount() {
      devtools.unmount()
      element.remove()
    },
  }
}

async function fillUsers(store: Store): Promise<void> {
  await store.set("settings", "theme", "dark")
  await store.set("users", "ada", { name: "Ada", tags: ["admin"] }, { origin: "window-1" })
  await store.set("users", "grace", { name: "Grace", tags: [] })
  await store.set("users", "ada", { name: "Ada", tags: ["admin", "owner"] })
}
