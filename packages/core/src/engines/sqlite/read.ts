import type { BatchResult } from "../../batch.ts"
import type { Change } from "../../change.ts"
import type { KindRange, KindsMoment, Moment, Position, Range } from "../../engine.ts"
import type { Row } from "../../entry.ts"
import { afterPrefix, compareText } from "../../order.ts"
import { tooOld } from "../../position.ts"
import type { SqliteConnection, SqliteStatement } from "./connection.ts"
import { PRESENT, SqliteKinds } from "./kinds.ts"
import { CHANGE_COLUMNS, changeOf, ENTRY_COLUMNS, type LogRow, rowOf } from "./log-row.ts"
import { SqlitePast } from "./past.ts"
import { readReceipt } from "./receipt.ts"

/** Everything that is read from the tables. Statements are prepared once. */
export class SqliteReads {
  readonly #past: SqlitePast
  readonly #row: SqliteStatement
  readonly #seq: SqliteStatement
  readonly #scan: SqliteStatement
  readonly #scanBelow: SqliteStatement
  readonly #scanBack: SqliteStatement
  readonly #scanBackBelow: SqliteStatement
  readonly #count: SqliteStatement
  readonly #kinds: SqliteKinds
  readonly #expiring: SqliteStatement
  readonly #expired: SqliteStatement
  readonly #changes: SqliteStatement
  readonly #since: SqliteStatement
  readonly #history: SqliteStatement
  readonly #place: SqliteStatement
  readonly #meta: SqliteStatement
  readonly #changedSince: SqliteStatement
  readonly #receipt: SqliteStatement

  constructor(connection: SqliteConnection) {
    this.#past = new SqlitePast(connection)
    // For one row a subquery was measured at 2.2 µs, a join at 15.
    const newest = "SELECT seq FROM kv WHERE kind = ? AND key = ?"
    this.#row = connection.prepare(`SELECT ${ENTRY_COLUMNS} FROM log l WHERE l.seq = (${newest})`)
    this.#seq = connection.prepare(newest)
    const rows = `SELECT ${ENTRY_COLUMNS} FROM kv JOIN log l ON l.seq = kv.seq`
    const present = `${rows} WHERE kv.kind = ? AND kv.deleted = 0 AND kv.key >= ?`
    this.#scan = connection.prepare(`${present} ORDER BY kv.key LIMIT ?`)
    this.#scanBelow = connection.prepare(`${present} AND kv.key < ? ORDER BY kv.key LIMIT ?`)
    const back = "ORDER BY kv.key DESC LIMIT ?"
    this.#scanBack = connection.prepare(`${present} ${back}`)
    this.#scanBackBelow = connection.prepare(`${present} AND kv.key < ? ${back}`)
    this.#count = connection.prepare(`SELECT count(*) AS n FROM kv WHERE kind = ? AND ${PRESENT}`)
    this.#kinds = new SqliteKinds(connection)
    this.#expiring = connection.prepare(
      `${rows} WHERE kv.expires_at IS NOT NULL ORDER BY kv.expires_at LIMIT ?`,
    )
    this.#expired = connection.prepare(`${rows} WHERE kv.expires_at <= ?`)
    const changes = `SELECT ${CHANGE_COLUMNS} FROM log l LEFT JOIN log p ON p.seq = l.prev`
    this.#changes = connection.prepare(`${changes} WHERE l.seq > ? ORDER BY l.seq LIMIT ?`)
    this.#since = connection.prepare(SINCE)
    this.#history = connection.prepare(HISTORY)
    this.#place = connection.prepare(PLACE)
    this.#meta = connection.prepare("SELECT value FROM meta WHERE name = ?")
    this.#changedSince = connection.prepare("SELECT 1 FROM log WHERE seq > ? AND kind = ? LIMIT 1")
    this.#receipt = connection.prepare("SELECT result FROM receipts WHERE key = ?")
  }

  /**
   * Where the database stands. Its head is that of the log, or the one that a replica was told, or
   * the horizon, when pruning has taken the newest row: whichever is furthest.
   */
  place(): Position {
    const { seq, told, horizon, epoch } = this.#place.get() as Place
    return { epoch: String(epoch), head: Math.max(seq ?? 0, told, horizon) }
  }

  row(kind: string, key: string, at?: number): Row | undefined {
    const log = at === undefined ? this.#row.get(kind, key) : this.#past.row(kind, key, at)
    if (at !== undefined) this.#checkReach(at)
    return log === undefined || log === null ? undefined : rowOf(log as LogRow)
  }

  /** The seq of a key's newest change, a delete too. */
  seq(kind: string, key: string): number | undefined {
    return (this.#seq.get(kind, key) as { seq: number } | null | undefined)?.seq
  }

  scan(kind: string, range: Range): readonly Row[] {
    const { limit, at, reverse = false } = range
    const { start, end } = boundsOf(range)
    const most = mostRows(limit)
    const [whole, below] = reverse
      ? [this.#scanBack, this.#scanBackBelow]
      : [this.#scan, this.#scanBelow]
    const rows =
      at !== undefined
        ? this.#past.scan(kind, start, end, most, at, reverse)
        : end === undefined
          ? whole.all(kind, start, most)
          : below.all(kind, start, end, most)
    if (at !== undefined) this.#checkReach(at)
    return (rows as LogRow[]).map(rowOf)
  }

  count(kind: string, { now, at }: Moment): number {
    if (at === undefined) return (this.#count.get(kind, now) as { n: number }).n
    const count = this.#past.count(kind, now, at)
    this.#checkReach(at)
    return count
  }

  kinds({ now, at, of }: KindsMoment): readonly string[] {
    if (at === undefined) return this.#kinds.present(of, now)
    const kinds = this.#kinds.all(of).filter((kind) => this.#past.has(kind, now, at))
    this.#checkReach(at)
    return kinds
  }

  /** The kinds of a range that have a row, also those without a present entry. */
  kindsOf(range: KindRange | undefined): readonly string[] {
    return this.#kinds.all(range)
  }

  /** Rows that have an end, the nearest first. */
  expiring(limit: number): readonly Row[] {
    return (this.#expiring.all(limit) as LogRow[]).map(rowOf)
  }

  /** Rows that had ended by a time and were not deleted yet. */
  expired(now: number): readonly Row[] {
    return (this.#expired.all(now) as LogRow[]).map(rowOf)
  }

  changes(after: number, limit: number): readonly Change[] {
    const rows = this.#changes.all(after, mostRows(limit)) as LogRow[]
    this.#checkReach(after)
    return rows.map(changeOf)
  }

  since(after: number, limit: number): readonly Row[] {
    const rows = this.#since.all(after, mostRows(limit)) as LogRow[]
    const forgotten = this.position("forgotten")
    if (after < forgotten) throw tooOld(after, forgotten)
    return rows.map(rowOf)
  }

  history(kind: string, key: string, limit: number): readonly Change[] {
    return (this.#history.all(kind, key, mostRows(limit)) as LogRow[]).map(changeOf)
  }

  changedSince(kind: string, seq: number): boolean {
    // The newest change of each entry is kept, a delete as long as its tombstone.
    if (seq < this.position("forgotten")) return true
    return exists(this.#changedSince.get(seq, kind))
  }

  receipt(idempotencyKey: string): BatchResult | undefined {
    const row = this.#receipt.get(idempotencyKey) as { result: string } | null | undefined
    return row ? readReceipt(row.result) : undefined
  }

  /** A position that `meta` holds. */
  position(name: "horizon" | "forgotten"): number {
    return (this.#meta.get(name) as { value: number }).value
  }

  /**
   * Asked after what was read: another process that prunes raises the horizon in the transaction
   * that removes rows, so that what is still in reach now was whole when it was read.
   */
  #checkReach(position: number): void {
    const horizon = this.position("horizon")
    if (position < horizon) throw tooOld(position, horizon)
  }
}

/** A limit as SQLite knows it: below 0 for none. */
function mostRows(limit: number): number {
  return Number.isFinite(limit) ? limit : -1
}

/** Whether a driver found a row: some say `undefined` for none, some `null`. */
function exists(row: unknown): boolean {
  return row !== undefined && row !== null
}

interface Place {
  readonly seq: number | null
  readonly told: number
  readonly horizon: number
  readonly epoch: string
}

const PLACE = `
  SELECT
    (SELECT max(seq) FROM log) AS seq,
    (SELECT value FROM meta WHERE name = 'head') AS told,
    (SELECT value FROM meta WHERE name = 'horizon') AS horizon,
    (SELECT value FROM meta WHERE name = 'epoch') AS epoch`

/** The rows of the log that are the newest of their entries. */
const SINCE = `
  SELECT ${ENTRY_COLUMNS}
  FROM log l CROSS JOIN kv ON kv.kind = l.kind AND kv.key = l.key AND kv.seq = l.seq
  WHERE l.seq > ? ORDER BY l.seq LIMIT ?`

/**
 * Follows an entry's rows from the newest back. CROSS keeps that order of the joins: else SQLite
 * reads the whole log backwards and looks for each row in the chain. The inner join at the end
 * leaves out what has been pruned.
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

/** The first key of a range and the first beyond it. */
function boundsOf({ prefix = "", after, reverse = false }: Range): { start: string; end?: string } {
  const beyond = afterPrefix(prefix)
  // The least text above another one is that with a NUL behind it.
  const isAbove = !reverse && after !== undefined && compareText(after, prefix) >= 0
  const isBelow =
    reverse && after !== undefined && (beyond === undefined || compareText(after, beyond) < 0)
  const end = isBelow ? after : beyond
  return { start: isAbove ? `${after}\0` : prefix, ...(end === undefined ? {} : { end }) }
}
