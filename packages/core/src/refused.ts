import type { StampedBatch } from "./batch.ts"
import { StoreError } from "./errors.ts"

/** So many are remembered: by far more than are refused while what rests on them is on its way. */
const MOST = 10_000

/** The batches that an engine has refused of late: what was written by what they have shown is refused, too. */
export class RefusedBatches {
  readonly #ids = new Set<number>()

  add(id: number): void {
    this.#ids.add(id)
    if (this.#ids.size <= MOST) return
    const [oldest] = this.#ids
    this.#ids.delete(oldest as number)
  }

  /** Whether a batch rests on a refused one. */
  refuses({ after }: StampedBatch): boolean {
    return after?.some((id) => this.#ids.has(id)) ?? false
  }
}

/** Why a write is refused whose writer had seen what a refused one would have made. */
export function restsOnRefused(): StoreError {
  return new StoreError(
    "conflict",
    "It was written by what another write would have made, which was refused",
    {
      hint: "Read again, or use update() or transaction()",
    },
  )
}
