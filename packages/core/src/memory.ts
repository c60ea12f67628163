import { MemoryEngine } from "./engines/memory.ts"
import type { Kinds } from "./kinds.ts"
import { openStoreAtOnce } from "./open.ts"
import { checkOptions } from "./options.ts"
import type { Store } from "./store.ts"
import { STORE_OPTIONS, type StoreOptions } from "./store-options.ts"

export { MemoryEngine } from "./engines/memory.ts"

/**
 * Opens a store that lives in memory, for tests and for state that need not last.
 *
 * @example
 * const store = openStore({ kinds })
 */
export function openStore<K extends Kinds = Kinds>(options: StoreOptions<K> = {}): Store<K> {
  checkOptions("openStore", options, STORE_OPTIONS)
  return openStoreAtOnce(new MemoryEngine(), options)
}
