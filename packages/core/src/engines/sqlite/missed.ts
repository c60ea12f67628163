import type { Change } from "../../change.ts"
import type { Position } from "../../engine.ts"
import { StoreError } from "../../errors.ts"
import type { SqliteReads } from "./read.ts"

/** Thrown when a database holds another sequence than the known one: nobody can tell what changed. */
export class Replaced extends Error {
  override readonly name = "Replaced"
}

/** What other processes have committed. */
export interface Missed {
  /** The position of the database. */
  readonly head: number
  /** The changes after what is known, all of them or the first. */
  readonly changes: readonly Change[]
}

/**
 * Reads what other processes have committed after what is known, at most `limit` changes.
 *
 * @throws Replaced when the database was restored, or its log begins too late to tell.
 */
export function missed(reads: SqliteReads, known: Position, limit?: number): Missed {
  const { epoch, head } = reads.place()
  if (epoch !== known.epoch || head < known.head) throw new Replaced()
  if (head === known.head) return { head, changes: [] }
  try {
    return { head, changes: reads.changes(known.head, limit ?? head - known.head) }
  } catch (error) {
    if (StoreError.is(error, "position_too_old")) throw new Replaced()
    throw error
  }
}
