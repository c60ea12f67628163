import type { EngineContext, IndexPlace, Moment, SeekPage, Sought } from "../../engine.ts"
import { compareKeys, joinKeys, TAG } from "../../index-key.ts"
import { entryTest } from "../../match.ts"
import { type Plan, planQuery, type Ways } from "../../plan.ts"
import type { Query } from "../../query.ts"
import type { SqliteConnection, SqliteStatement } from "./connection.ts"
import type { FileIndex, SqliteIndexes } from "./indexes.ts"
import { ENTRY_COLUMNS, type LogRow, plainBytes, rowOf } from "./log-row.ts"
import type { SqliteReads } from "./read.ts"
import { inTransaction } from "./transaction.ts"

/** A row with its place. */
type PlacedRow = LogRow & { readonly place: Uint8Array }

/** So many entries are read by their places without asking what else there is. */
const FEW = 1_000

/** What reading an entry by its place costs, in entries that are read in the order of keys. */
const COST = 8

/** Every place is between them. */
const FIRST = new Uint8Array()
const END = Uint8Array.of(TAG.end)

/** What is read by the indexes. Each method is one transaction: an index and its entries agree in it. */
export class SqliteSeeking {
  readonly #connection: SqliteConnection
  readonly #reads: SqliteReads
  readonly #indexes: SqliteIndexes
  readonly #read: EngineContext["read"]
  readonly #count: SqliteStatement
  readonly #countUpTo: SqliteStatement
  readonly #statements = new Map<string, SqliteStatement>()

  constructor(
    connection: SqliteConnection,
    reads: SqliteReads,
    indexes: SqliteIndexes,
    read: EngineContext["read"],
  ) {
    this.#connection = connection
    this.#reads = reads
    this.#indexes = indexes
    this.#read = read
    this.#count = connection.prepare(`SELECT count(*) AS n FROM places i WHERE ${WITHIN}`)
    this.#countUpTo = connection.prepare(
      `SELECT count(*) AS n FROM (SELECT 1 FROM places i WHERE ${WITHIN} LIMIT ?)`,
    )
  }

  seek(kind: string, query: Query, { after, limit }: SeekPage): Sought | undefined {
    const isGood = (plan: Plan, { id }: FileIndex) =>
      after === undefined ? plan.isFront || this.#isSelective(plan, id, kind) : after.index === id
    return this.#planned(kind, query, isGood, (plan, { id }) => {
      const range: PlacesRange = { id, kind, ...plan, limit }
      const rows = this.#rows(range, after ?? plan.behind)
      const last = rows.length < limit ? undefined : rows.at(-1)
      const next = last && { index: id, place: plainBytes(last.place), key: last.key }
      const at = this.#reads.place().head
      return { rows: rows.map(rowOf), next, isOrdered: plan.isOrdered, at }
    })
  }

  tally(kind: string, { where, prefix }: Query, { now, at }: Moment): number | undefined {
    if (at !== undefined || where === undefined || prefix !== undefined) return undefined
    const isGood = ({ isExact }: Plan) => isExact
    return this.#planned(kind, { where }, isGood, ({ from, to }, index) => {
      const { n } = this.#count.get(index.id, kind, from, to) as { n: number }
      const matches = entryTest({ where })
      let ended = 0
      for (const row of this.#reads.expired(now)) {
        if (row.kind !== kind) continue
        const value = this.#read(row, row.value, index.schema)
        if (value === undefined) return undefined
        if (matches({ ...row, value })) ended++
      }
      return n - ended
    })
  }

  #planned<T>(
    kind: string,
    query: Query,
    isGood: (plan: Plan, index: FileIndex) => boolean,
    read: (plan: Plan, index: FileIndex) => T | undefined,
  ): T | undefined {
    if (!this.#indexes.declares(kind)) return undefined
    return inTransaction(this.#connection, "deferred", () => {
      this.#indexes.refresh()
      const usable = this.#indexes.usable(kind)
      const fields = usable.map((index) => index.fields)
      for (const plan of planQuery(query, fields)) {
        const index = usable[plan.index]
        if (index !== undefined && isGood(plan, index)) return read(plan, index)
      }
      return undefined
    })
  }

  /** Whether little enough lies in a range: an entry by its place costs as much as several in the order of keys. */
  #isSelective({ from, to }: Plan, id: number, kind: string): boolean {
    const few = this.#countUpTo.get(id, kind, from, to, FEW) as { n: number }
    if (few.n < FEW) return true
    const within = this.#count.get(id, kind, from, to) as { n: number }
    const all = this.#count.get(id, kind, FIRST, END) as { n: number }
    return within.n * COST < all.n
  }

  /** The rows behind a place: first those that share it, then the others. */
  #rows(range: PlacesRange, behind: Omit<IndexPlace, "index"> | undefined): readonly PlacedRow[] {
    if (behind === undefined) return this.#others(range)
    const { id, kind, from, to, ways, limit } = range
    const { place, key } = behind
    const isWithin = compareKeys(from, place) <= 0 && compareKeys(place, to) < 0
    const ties = isWithin ? this.#ties(ways).all(id, kind, place, key, most(limit)) : []
    const least = joinKeys(place, Uint8Array.of(0))
    const bounds =
      ways.places === "asc"
        ? { from: compareKeys(from, least) < 0 ? least : from }
        : { to: compareKeys(place, to) < 0 ? place : to }
    const others = this.#others({ ...range, ...bounds, limit: limit - ties.length })
    return [...(ties as PlacedRow[]), ...others]
  }

  #others({ id, kind, from, to, ways, limit }: PlacesRange): readonly PlacedRow[] {
    if (limit <= 0) return []
    const order = `i.place ${ways.places}, i.key ${ways.keys}`
    return this.#select(WITHIN, order).all(id, kind, from, to, most(limit)) as PlacedRow[]
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

/** A part of an index. */
interface PlacesRange extends Pick<Plan, "from" | "to" | "ways"> {
  readonly id: number
  readonly kind: string
  readonly limit: number
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

function most(limit: number): number {
  return Number.isFinite(limit) ? limit : -1 // SQLite's word for no limit.
}
