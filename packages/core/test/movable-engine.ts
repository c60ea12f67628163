import type { Change } from "@tidemark/core"
import type { Advance, EngineContext, EngineListener } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"

/** An engine whose sequence a test can move and replace, as an authority does with a replica's. */
export class MovableEngine extends MemoryEngine {
  #listener: EngineListener | undefined

  override open(listener: EngineListener, context: EngineContext) {
    this.#listener = listener
    return super.open(listener, context)
  }

  tell(advance: Partial<Advance> & Pick<Advance, "to" | "changes">): void {
    this.#listener?.advance({ settled: [], ...advance })
  }

  /** Puts another sequence in place of this one, with these entries, and tells the difference. */
  replace(to: number, difference: readonly Change[], epoch = "another"): void {
    this.ingest({ epoch, to, changes: [], reset: { rows: [] } })
    this.tell({ to, changes: difference, reset: true, epoch })
  }
}
