import type { EngineListener } from "@tidemark/core/engine"

/** Who opens an engine and wants to hear nothing of it but what goes wrong. */
export function listener(): EngineListener {
  return {
    advance() {},
    durable() {},
    pending() {},
    connection() {},
    health() {},
    report(error: unknown) {
      throw error
    },
  }
}
