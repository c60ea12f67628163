import type { IndexPlace } from "../../engine.ts"
import { compareKeys, type IndexKey, joinKeys } from "../../index-key.ts"
import type { Part, Ways } from "../../plan.ts"
import type { PlaceRange } from "../../span.ts"
import type { SqliteConnection, SqliteStatement } from "./connection.ts"
import { ENTRY_COLUMNS, type LogRow } from "./log-row.ts"

/** A row with its place. */
export type PlacedRow = LogRow & { readonly place: Uint8Array }

/** Where a row stands in an index. */
export type Standing = Omit<IndexPlace, "index">

/** What is read of a part of an index. */
export interface AskedPart extends Pick<Part, "ranges"> {
  readonly id: number
  readonly kind: string
  readonly ways: Ways
  readonly limit: number
}

/** Rows by their places in an index of the file. */
export class SqlitePlaces {
  readonly #connection: SqliteConnection
  readonly #statements = new Map<string, SqliteStatement>()

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  /** The rows behind a place: first those that share it, then the others. */
  rows(asked: AskedPart, behind: Standing | undefined): readonly PlacedRow[] {
    if (behind === undefined) return this.#others(asked, [])
    const { id, kind, ranges, ways, limit } = asked
    const { place, key } = behind
    const isWithin = ranges.some(
      ({ from, to }) => compareKeys(from, place) <= 0 && compareKeys(place, to) < 0,
    )
    const ties = isWithin ? this.#ties(ways).all(id, kind, place, key, most(limit)) : []
    return this.#others({ ...asked, ranges: rangesBehind(asked, place) }, ties as PlacedRow[])
  }

  /** Puts what lies in the ranges behind some rows, as far as there is room. */
  #others({ id, kind, ranges, ways, limit }: AskedPart, rows: PlacedRow[]): readonly PlacedRow[] {
    const select = this.#select(WITHIN, `i.place ${ways.places}, i.key ${ways.keys}`)
    for (const { from, to } of ways.places === "asc" ? ranges : ranges.toReversed()) {
      if (rows.length >= limit) break
      const more = select.all(id, kind, from, to, most(limit - rows.length)) as PlacedRow[]
      for (const row of more) rows.push(row)
    }
    return rows
  }

  #ties({ keys }: Ways): SqliteStatement {
    return this.#select(
      keys === "asc" ? `${TIED} AND i.key > ?` : `${TIED} AND i.key < ?`,
      `i.key ${keys}`,
    )
  }

  #select(where: string, order: string): SqliteStatement {
    const sql = seekSql(where, order)
    const known = this.#statements.get(sql) ?? this.#connection.prepare(sql)
    this.#statements.set(sql, known)
    return known
  }
}

/** What of the ranges comes behind a place, in the way in which they are read. */
function rangesBehind({ ranges, ways }: AskedPart, place: IndexKey): readonly PlaceRange[] {
  const least = joinKeys(place, Uint8Array.of(0))
  return ranges
    .map(({ from, to }) =>
      ways.places === "asc"
        ? { from: compareKeys(from, least) < 0 ? least : from, to }
        : { from, to: compareKeys(place, to) < 0 ? place : to },
    )
    .filter(({ from, to }) => compareKeys(from, to) < 0)
}

const TIED = "i.id = ? AND i.kind = ? AND i.place = ?"

export const WITHIN = "i.id = ? AND i.kind = ? AND i.place >= ? AND i.place < ?"

/**
 * The entries of some places. The places are chosen first, by the index alone; CROSS keeps their
 * order through the joins.
 */
export function seekSql(where: string, order: string): string {
  return `SELECT ${ENTRY_COLUMNS}, i.place
    FROM (SELECT i.kind, i.key, i.place FROM places i WHERE ${where} ORDER BY ${order} LIMIT ?) i
    CROSS JOIN kv ON kv.kind = i.kind AND kv.key = i.key CROSS JOIN log l ON l.seq = kv.seq
    WHERE kv.deleted = 0`
}

/** A limit as SQLite knows it. */
export function most(limit: number): number {
  return Number.isFinite(limit) ? limit : -1 // SQLite's word for no limit.
}
