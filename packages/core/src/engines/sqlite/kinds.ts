import type { KindRange } from "../../engine.ts"
import { afterPrefix } from "../../order.ts"
import type { SqliteConnection, SqliteStatement } from "./connection.ts"

/** Whether a row of `kv` is an entry that is there at a time. */
export const PRESENT = "deleted = 0 AND (expires_at IS NULL OR expires_at > ?)"

/** Reads which kinds there are. */
export class SqliteKinds {
  readonly #all: SqliteStatement
  readonly #present: SqliteStatement

  constructor(connection: SqliteConnection) {
    this.#all = connection.prepare(ALL)
    this.#present = connection.prepare(
      `${ALL} AND EXISTS (SELECT 1 FROM kv WHERE kv.kind = k.kind AND ${PRESENT})`,
    )
  }

  /** The kinds of a range that have a row, also those without a present entry. */
  all(range: KindRange | undefined): readonly string[] {
    return spansOf(range).flatMap((span) => names(this.#all.all(...span)))
  }

  /** The kinds of a range that have a present entry. */
  present(range: KindRange | undefined, now: number): readonly string[] {
    return spansOf(range).flatMap((span) => names(this.#present.all(...span, now)))
  }
}

/** The bounds of the names, in order: from the first one on, and below the second, which is asked for twice. */
type Span = readonly [from: string, below: string | Uint8Array, below: string | Uint8Array]

function spansOf(range: KindRange | undefined): readonly Span[] {
  if (range === undefined) return [span("", ABOVE_ALL)]
  const { prefix, outside = false } = range
  const end = afterPrefix(prefix) ?? ABOVE_ALL
  if (!outside) return [span(prefix, end)]
  const before = span("", prefix)
  return typeof end === "string" ? [before, span(end, ABOVE_ALL)] : [before]
}

function span(from: string, below: string | Uint8Array): Span {
  return [from, below, below]
}

/** SQLite puts every blob above every text. */
const ABOVE_ALL = new Uint8Array(0)

function names(rows: readonly unknown[]): readonly string[] {
  return (rows as readonly { readonly kind: string }[]).map(({ kind }) => kind)
}

/** Skips from kind to kind in the primary key instead of reading every row. */
const ALL = `
  WITH RECURSIVE k(kind) AS (
    SELECT min(kind) FROM kv WHERE kind >= ? AND kind < ?
    UNION ALL
    SELECT (SELECT min(kind) FROM kv WHERE kind > k.kind AND kind < ?) FROM k WHERE k.kind IS NOT NULL
  )
  SELECT kind FROM k WHERE kind IS NOT NULL`
