import type { Change } from "./change.ts"
import type { Store } from "./store.ts"

/** A run of whole batches. */
export interface BatchRun {
  /** The changes of each batch, in order; batches without a visible change are not among them. */
  readonly batches: readonly (readonly Change[])[]
  /** The position that is reached with them. */
  readonly to: number
}

/** The next whole batches after a position: about `limit` changes, or one batch that has more. */
export async function nextBatches(
  store: Pick<Store, "changes" | "position">,
  after: number,
  limit: number,
): Promise<BatchRun> {
  for (let size = limit; ; size *= 2) {
    const { position } = store
    const batches = byBatch(await store.changes({ after, limit: size }))
    const count = batches.reduce((sum, { length }) => sum + length, 0)
    const last = batches.at(-1)?.at(-1)
    // What is told of the log ends where a batch does; a page may end anywhere.
    if (count < size) return { batches, to: Math.max(last?.seq ?? after, position) }
    const whole = batches.slice(0, -1)
    const end = whole.at(-1)?.at(-1)
    if (end !== undefined) return { batches: whole, to: end.seq }
  }
}

function byBatch(changes: readonly Change[]): Change[][] {
  const batches: Change[][] = []
  for (const change of changes) {
    const open = batches.at(-1)
    if (open?.[0]?.batch === change.batch) open.push(change)
    else batches.push([change])
  }
  return batches
}
