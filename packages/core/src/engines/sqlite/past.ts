import type { SqliteConnection, SqliteStatement } from "./connection.ts"
import { ENTRY_COLUMNS } from "./log-row.ts"

/**
 * Follows an entry's chain from its newest row back to the one that was the newest at a seq: for
 * most that is the newest itself. `kv` is the row of the entry in the query around it. Parameters
 * are anonymous, one for each place: not every driver knows numbered ones.
 */
const SEQ_THEN = `CASE WHEN kv.seq <= ? THEN kv.seq ELSE (
  WITH RECURSIVE h(seq) AS (
    SELECT kv.seq
    UNION ALL
    SELECT log.prev FROM h CROSS JOIN log ON log.seq = h.seq
    WHERE h.seq > ? AND log.prev IS NOT NULL
  )
  SELECT seq FROM h WHERE seq <= ? LIMIT 1) END`

const ROWS_THEN = `FROM kv CROSS JOIN log l ON l.seq = ${SEQ_THEN} WHERE kv.kind = ?`

const NOT_DELETED = "l.type <> 'delete'"

/** Reads what was there at a position that the log still reaches. */
export class SqlitePast {
  readonly #row: SqliteStatement
  readonly #scan: SqliteStatement
  readonly #scanBack: SqliteStatement
  readonly #count: SqliteStatement
  readonly #any: SqliteStatement

  constructor(connection: SqliteConnection) {
    this.#row = connection.prepare(`SELECT ${ENTRY_COLUMNS} ${ROWS_THEN} AND kv.key = ?`)
    const scan = `SELECT ${ENTRY_COLUMNS} ${ROWS_THEN} AND kv.key >= ? AND (? IS NULL OR kv.key < ?)
      AND ${NOT_DELETED} ORDER BY kv.key`
    this.#scan = connection.prepare(`${scan} LIMIT ?`)
    this.#scanBack = connection.prepare(`${scan} DESC LIMIT ?`)
    const present = `${ROWS_THEN} AND ${NOT_DELETED}
      AND (l.expires_at IS NULL OR l.expires_at > ?)`
    this.#count = connection.prepare(`SELECT count(*) AS n ${present}`)
    this.#any = connection.prepare(`SELECT count(*) AS n FROM (SELECT 1 ${present} LIMIT 1)`)
  }

  row(kind: string, key: string, at: number): unknown {
    return this.#row.get(at, at, at, kind, key)
  }

  /** The rows from one key on and below another. */
  scan(
    kind: string,
    start: string,
    end: string | undefined,
    limit: number,
    at: number,
    reverse: boolean,
  ): readonly unknown[] {
    const scan = reverse ? this.#scanBack : this.#scan
    return scan.all(at, at, at, kind, start, end ?? null, end ?? null, limit)
  }

  count(kind: string, now: number, at: number): number {
    return (this.#count.get(at, at, at, kind, now) as { n: number }).n
  }

  /** Whether a kind had an entry. */
  has(kind: string, now: number, at: number): boolean {
    return (this.#any.get(at, at, at, kind, now) as { n: number }).n > 0
  }
}
