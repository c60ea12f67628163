import type { Change } from "../../change.ts"
import type { Range } from "../../engine.ts"
import type { Row } from "../../entry.ts"
import { afterPrefix, compareText } from "../../order.ts"
import { tooOld } from "../../position.ts"
import type { SqliteConnection, SqliteStatement } from "./connection.ts"
import { CHANGE_COLUMNS, changeOf, ENTRY_COLUMNS, type LogRow, rowOf } from "./log-row.ts"

/** Everything that is read from the tables. Statements are prepared once. */
export class SqliteReads {
  readonly #row: SqliteStatement
  readonly #seq: SqliteStatement
  readonly #scan: SqliteStatement
  readonly #scanBelow: SqliteStatement
  readonly #count: SqliteStatement
  readonly #kinds: SqliteStatement
  readonly #changes: SqliteStatement
  readonly #history: SqliteStatement
  readonly #newest: SqliteStatement
  readonly #horizon: SqliteStatement
  readonly #changedSince: SqliteStatement

  constructor(connection: SqliteConnection) {
    // For one row a subquery was measured at 2.2 µs, a join at 15.
    const newest = "SELECT seq FROM kv WHERE kind = ? AND key = ?"
    this.#row = connection.prepare(`SELECT ${ENTRY_COLUMNS} FROM log l WHERE l.seq = (${newest})`)
    this.#seq = connection.prepare(newest)
    const present = `SELECT ${ENTRY_COLUMNS} FROM kv JOIN log l ON l.seq = kv.seq
      WHERE kv.kind = ? AND kv.deleted = 0 AND kv.key >= ?`
    this.#scan = connection.prepare(`${present} ORDER BY kv.key LIMIT ?`)
    this.#scanBelow = connection.prepare(`${present} AND kv.key < ? ORDER BY kv.key LIMIT ?`)
    this.#count = connection.prepare("SELECT count(*) AS n FROM kv WHERE kind = ? AND deleted = 0")
    this.#kinds = connection.prepare(KINDS)
    const changes = `SELECT ${CHANGE_COLUMNS} FROM log l LEFT JOIN log p ON p.seq = l.prev`
    this.#changes = connection.prepare(`${changes} WHERE l.seq > ? ORDER BY l.seq LIMIT ?`)
    this.#history = connection.prepare(HISTORY)
    this.#newest = connection.prepare("SELECT max(seq) AS seq FROM log")
    this.#horizon = connection.prepare("SELECT value AS horizon FROM meta WHERE name = 'horizon'")
    this.#changedSince = connection.prepare("SELECT 1 FROM log WHERE seq > ? AND kind = ? LIMIT 1")
  }

  /** The position: of the log, or that a replica was told, whichever is further. */
  head(told: number): number {
    const { seq } = this.#newest.get() as { seq: number | null }
    return Math.max(seq ?? 0, told)
  }

  row(kind: string, key: string): Row | undefined {
    const log = this.#row.get(kind, key) as LogRow | undefined
    return log === undefined ? undefined : rowOf(log)
  }

  /** The seq of a key's newest change, a delete too. */
  seq(kind: string, key: string): number | undefined {
    return (this.#seq.get(kind, key) as { seq: number } | undefined)?.seq
  }

  scan(kind: string, { prefix = "", after, limit }: Range): readonly Row[] {
    // The least text above another one is that with a NUL behind it.
    const start = after !== undefined && compareText(after, prefix) >= 0 ? `${after}\0` : prefix
    const end = afterPrefix(prefix)
    const most = Number.isFinite(limit) ? limit : -1 // SQLite's word for no limit.
    const rows =
      end === undefined
        ? this.#scan.all(kind, start, most)
        : this.#scanBelow.all(kind, start, end, most)
    return (rows as LogRow[]).map(rowOf)
  }

  count(kind: string): number {
    return (this.#count.get(kind) as { n: number }).n
  }

  kinds(): readonly string[] {
    return (this.#kinds.all() as { kind: string }[]).map(({ kind }) => kind)
  }

  changes(after: number, limit: number): readonly Change[] {
    const { horizon } = this.#horizon.get() as { horizon: number }
    if (after < horizon) throw tooOld(after, horizon)
    return (this.#changes.all(after, limit) as LogRow[]).map(changeOf)
  }

  history(kind: string, key: string, limit: number): readonly Change[] {
    return (this.#history.all(kind, key, limit) as LogRow[]).map(changeOf)
  }

  changedSince(kind: string, seq: number): boolean {
    return this.#changedSince.get(seq, kind) !== undefined
  }
}

/** Skips from kind to kind in the primary key instead of reading every row. */
const KINDS = `
  WITH RECURSIVE k(kind) AS (
    SELECT min(kind) FROM kv
    UNION ALL
    SELECT (SELECT min(kind) FROM kv WHERE kind > k.kind) FROM k WHERE k.kind IS NOT NULL
  )
  SELECT kind FROM k
  WHERE kind IS NOT NULL AND EXISTS (SELECT 1 FROM kv WHERE kv.kind = k.kind AND deleted = 0)`

/**
 * Follows an entry's rows from the newest back. CROSS keeps that order of the joins: else SQLite
 * reads the whole log backwards and looks for each row in the chain.
 */
export const HISTORY: string = `
  WITH RECURSIVE h(seq) AS (
    SELECT seq FROM kv WHERE kind = ? AND key = ?
    UNION ALL
    SELECT log.prev FROM h CROSS JOIN log ON log.seq = h.seq WHERE log.prev IS NOT NULL
    LIMIT ?
  )
  SELECT ${CHANGE_COLUMNS}
  FROM h CROSS JOIN log l ON l.seq = h.seq LEFT JOIN log p ON p.seq = l.prev
  ORDER BY l.seq DESC`
