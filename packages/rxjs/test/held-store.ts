import type { Store } from "@tidemark/core"
import { type Engine, openStoreAtOnce } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"

/** A store in memory whose reads of entries wait until `until` settles, and fail when it rejects. */
export function heldStore(until: Promise<void>, onError: (error: unknown) => void): Store {
  const engine = new MemoryEngine()
  const held: Engine = new Proxy<Engine>(engine, {
    get(_, name: keyof Engine) {
      const member = engine[name]
      if (typeof member !== "function") return member
      const method = member.bind(engine) as (...given: unknown[]) => unknown
      if (name !== "row" && name !== "scan") return method
      return (...given: unknown[]) => until.then(() => method(...given))
    },
  })
  return openStoreAtOnce(held, { onError })
}
