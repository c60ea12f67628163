import { type Awaitable, isPromise, run, type Steps, wait } from "./awaitable.ts"
import type { Engine } from "./engine.ts"
import { EngineStore } from "./engine-store.ts"
import type { Kinds } from "./kinds.ts"
import type { Store } from "./store.ts"
import type { StoreOptions } from "./store-options.ts"

/**
 * Opens a store on an engine. Plain where the engine opens at once, else a promise. For writers
 * of engines; applications use the `openStore` of an engine's own entry point.
 */
export function openStoreOn<K extends Kinds = Kinds>(
  engine: Engine,
  options: StoreOptions<K> = {},
): Awaitable<Store<K>> {
  return run(opening(engine, options))
}

/** As `openStoreOn`, for an engine that is known to open at once. */
export function openStoreAtOnce<K extends Kinds = Kinds>(
  engine: Engine,
  options: StoreOptions<K> = {},
): Store<K> {
  const store = openStoreOn(engine, options)
  if (isPromise(store)) throw new TypeError(`The engine ${engine.name} does not open at once`)
  return store
}

function* opening<K extends Kinds>(engine: Engine, options: StoreOptions<K>): Steps<Store<K>> {
  const store = new EngineStore(engine, options)
  yield* wait(store.open())
  // Inside, values are unknown; the declared kinds give them their types, and the schemas hold them to it.
  return store as unknown as Store<K>
}
