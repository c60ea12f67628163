import { run } from "../../awaitable.ts"
import type { Change } from "../../change.ts"
import { wholeBatches } from "../../whole-batches.ts"
import { missed, Replaced } from "./missed.ts"
import type { SqliteReads } from "./read.ts"
import type { Telling } from "./telling.ts"

/** So many changes of other processes are told at once, unless one batch has more. */
const PAGE = 1_000

/** Tells the next changes that other processes have committed. Whether there are more. */
export function followOthers(reads: SqliteReads, telling: Telling): boolean {
  let head = 0
  const read = (limit: number) => {
    const found = missed(reads, telling.place, limit)
    head = found.head
    return found.changes
  }
  try {
    // Reads of SQLite answer at once.
    const changes = run(wholeBatches(read, PAGE)) as readonly Change[]
    const to = changes.at(-1)?.seq ?? head
    if (to > telling.place.head) {
      const safe = telling.advance({ to, changes, settled: [] }, true)
      // Nobody waits for it; the health has noted what went wrong.
      safe?.catch(() => {})
    }
    return to < head
  } catch (error) {
    if (!(error instanceof Replaced)) throw error
    telling.replace(reads.place())
    return false
  }
}
