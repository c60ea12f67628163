import type { Store } from "@tidemark/core"
import { type Engine, openStoreAtOnce } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"

/** A store whose writes can be kept on their way, as those of a replica without a connection are. */
export interface HeldStore {
  readonly store: Store
  hold(): void
  release(): void
}

export function heldStore(): HeldStore {
  const engine: Engine = new MemoryEngine()
  const commit = engine.commit.bind(engine)
  let gate: PromiseWithResolvers<void> | undefined
  engine.commit = (batches) =>
    gate === undefined ? commit(batches) : gate.promise.then(() => commit(batches))
  return {
    store: openStoreAtOnce(engine),
    hold() {
      gate ??= Promise.withResolvers()
    },
    release() {
      gate?.resolve()
      gate = undefined
    },
  }
}
