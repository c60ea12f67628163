import type { Change } from "./change.ts"
import type { Store } from "./store.ts"

/** A run of whole batches. */
export interface BatchRun {
  /** The changes of each batch, in order; batches without a visible change are not among them. */
  readonly batches: readonly (readonly Change[])[]
  /** The position that is reached with them. */
  readonly to: number
}

/**
 * The next whole batches after a position, of some kinds or of all: at most `limit` changes, or one
 * batch that has more.
 */
export async function nextBatches(
  store: Pick<Store, "changes" | "position">,
  after: number,
  limit: number,
  kinds?: readonly string[],
): Promise<BatchRun> {
  // One more tells whether the batch before it is whole.
  for (let size = limit + 1; ; size *= 2) {
    const { position } = store
    const page = { after, limit: size }
    const changes = await store.changes(kinds === undefined ? page : { ...page, kinds })
    const batches = byBatch(changes)
    // What a store tells ends where a batch does; a page may end anywhere.
    const isAll = changes.length < size
    const whole = isAll ? batches : batches.slice(0, -1)
    const some = within(whole, limit)
    if (isAll && some.length === whole.length) {
      return { batches: some, to: Math.max(changes.at(-1)?.seq ?? after, position) }
    }
    const end = some.at(-1)?.at(-1)
    if (end !== undefined) return { batches: some, to: end.seq }
  }
}

/** The first batches that have no more changes than `limit`, and at least the first. */
function within(batches: readonly Change[][], limit: number): readonly Change[][] {
  let count = 0
  const tooMany = batches.findIndex((batch, index) => {
    count += batch.length
    return count > limit && index > 0
  })
  return tooMany < 0 ? batches : batches.slice(0, tooMany)
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
