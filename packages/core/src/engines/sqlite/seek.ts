import type { EngineContext, Moment, SeekPage, Sought } from "../../engine.ts"
import type { Row } from "../../entry.ts"
import { TAG } from "../../index-key.ts"
import { entryTest } from "../../match.ts"
import { type Part, type Plan, planQuery, type Ways } from "../../plan.ts"
import type { Query } from "../../query.ts"
import type { SqliteConnection, SqliteStatement } from "./connection.ts"
import type { FileIndex, SqliteIndexes } from "./indexes.ts"
import { mergedLanes } from "./lanes.ts"
import { plainBytes, rowOf } from "./log-row.ts"
import { most, SqlitePlaces, WITHIN } from "./places.ts"
import type { SqliteReads } from "./read.ts"
import { inTransaction } from "./transaction.ts"

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
  readonly #places: SqlitePlaces

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
    this.#places = new SqlitePlaces(connection)
    this.#count = connection.prepare(`SELECT count(*) AS n FROM places i WHERE ${WITHIN}`)
    this.#countUpTo = connection.prepare(
      `SELECT count(*) AS n FROM (SELECT 1 FROM places i WHERE ${WITHIN} LIMIT ?)`,
    )
  }

  seek(kind: string, query: Query, { after, limit }: SeekPage): Sought | undefined {
    const isGood = (plan: Plan, parts: readonly FilePart[]) => {
      if (after !== undefined) return parts.length === 1 && parts[0]?.id === after.index
      return plan.isFront || this.#isSelective(parts, kind)
    }
    return this.#planned(kind, query, isGood, (plan, parts) => {
      const at = this.#reads.place().head
      const [part] = parts
      if (part === undefined || parts.length > 1) {
        return { rows: this.#together(parts, kind), next: undefined, isOrdered: false, at }
      }
      const asked = { ...part, kind, ways: plan.ways, limit }
      const behind = after ?? plan.behind
      const rows =
        plan.lanes === undefined
          ? this.#places.rows(asked, behind)
          : mergedLanes(this.#places, asked, plan.lanes, behind)
      const last = rows.length < limit ? undefined : rows.at(-1)
      const next = last && { index: part.id, place: plainBytes(last.place), key: last.key }
      return { rows: rows.map(rowOf), next, isOrdered: plan.isOrdered, at }
    })
  }

  tally(kind: string, { where, prefix }: Query, { now, at }: Moment): number | undefined {
    if (at !== undefined || where === undefined || prefix !== undefined) return undefined
    // What several indexes tell may be the same entries.
    const isGood = ({ isExact }: Plan, parts: readonly FilePart[]) => isExact && parts.length === 1
    return this.#planned(kind, { where }, isGood, (_, [part]) => {
      if (part === undefined) return undefined
      const matches = entryTest({ where })
      let count = this.#within([part], kind)
      for (const row of this.#reads.expired(now)) {
        if (row.kind !== kind) continue
        const value = this.#read(row, row.value, part.schema)
        if (value === undefined) return undefined
        if (matches({ ...row, value })) count--
      }
      return count
    })
  }

  #planned<T>(
    kind: string,
    query: Query,
    isGood: (plan: Plan, parts: readonly FilePart[]) => boolean,
    read: (plan: Plan, parts: readonly FilePart[]) => T | undefined,
  ): T | undefined {
    if (!this.#indexes.declares(kind)) return undefined
    return inTransaction(this.#connection, "deferred", () => {
      this.#indexes.refresh()
      const usable = this.#indexes.usable(kind)
      const fields = usable.map((index) => index.fields)
      for (const plan of planQuery(query, fields)) {
        const parts = plan.parts.map(({ index, ranges }) => ({
          ...(usable[index] as FileIndex),
          ranges,
        }))
        if (isGood(plan, parts)) return read(plan, parts)
      }
      return undefined
    })
  }

  /** Whether little enough lies in some parts: an entry by its place costs as much as several in the order of keys. */
  #isSelective(parts: readonly FilePart[], kind: string): boolean {
    const looks = parts.reduce((sum, { ranges }) => sum + ranges.length, 0)
    if (looks < FEW && this.#within(parts, kind, FEW) < FEW) return true
    const [first] = parts
    if (first === undefined) return true
    const { n: all } = this.#count.get(first.id, kind, FIRST, END) as { n: number }
    return looks < all && looks + this.#within(parts, kind) * COST < all
  }

  /** How many entries have their places in some parts, or that it is at least so many. */
  #within(parts: readonly FilePart[], kind: string, enough = Number.POSITIVE_INFINITY): number {
    let within = 0
    for (const { id, ranges } of parts) {
      for (const { from, to } of ranges) {
        if (within >= enough) return within
        const left = most(enough - within)
        within += (this.#countUpTo.get(id, kind, from, to, left) as { n: number }).n
      }
    }
    return within
  }

  /** All of some parts of several indexes, each entry once: no place tells how far that has been read. */
  #together(parts: readonly FilePart[], kind: string): readonly Row[] {
    const found = new Map<string, Row>()
    for (const part of parts) {
      const asked = { ...part, kind, ways: FORWARD, limit: Number.POSITIVE_INFINITY }
      for (const row of this.#places.rows(asked, undefined)) {
        if (!found.has(row.key)) found.set(row.key, rowOf(row))
      }
    }
    return [...found.values()]
  }
}

/** A part of an index of the file. */
interface FilePart extends FileIndex, Pick<Part, "ranges"> {}

const FORWARD: Ways = { places: "asc", keys: "asc" }
