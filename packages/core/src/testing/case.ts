import type { Awaitable } from "../awaitable.ts"
import type { Store } from "../store.ts"
import type { StoreOptions } from "../store-options.ts"

/** Opens a fresh, empty store on the engine under test. */
export type OpenStore = (options?: StoreOptions) => Awaitable<Store>

/** One sentence of the specification and the check of it. */
export interface ContractCase {
  /** Begins with the id of the feature. */
  readonly name: string
  /** Resolves when the sentence holds, rejects when it does not. */
  run(open: OpenStore): Promise<void>
}

/** A case on one store, which is closed at the end. */
export function contractCase(
  name: string,
  check: (store: Store, open: OpenStore) => Promise<void>,
  options?: StoreOptions,
): ContractCase {
  return {
    name,
    async run(open) {
      const store = await open(options)
      try {
        await check(store, open)
      } finally {
        await store.close()
      }
    },
  }
}
