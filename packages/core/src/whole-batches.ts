import { type Awaitable, type Steps, wait } from "./awaitable.ts"
import type { Change } from "./change.ts"

/**
 * Reads changes up to where a batch ends: at most about `limit`, or as many as one batch has.
 * `read` gives the first ones of what there is, so many at most; all of that ends with a whole batch.
 */
export function* wholeBatches(
  read: (limit: number) => Awaitable<readonly Change[]>,
  limit: number,
): Steps<readonly Change[]> {
  for (let most = limit + 1; ; most *= 2) {
    const changes = yield* wait(read(most))
    if (changes.length < most) return changes
    // The last batch may go on behind what was read.
    const cut = changes.at(-1)?.batch
    const end = changes.findLastIndex((change) => change.batch !== cut) + 1
    if (end > 0) return changes.slice(0, end)
  }
}
