import { type Change, type Query, StoreError } from "@tidemark/core"
import {
  type Awaitable,
  compareText,
  freezeJson,
  isList,
  type KindRange,
  type KindsMoment,
  kindTest,
  type Moment,
  placeIn,
  type Range,
  type Row,
  rowAfter,
  type SeekPage,
  type Snapshot,
  type Sought,
} from "@tidemark/core/engine"
import { MOST_ROWS } from "./protocol.ts"
import type { Found, FoundBy, Read } from "./read.ts"
import { Readings } from "./readings.ts"
import { received } from "./sent.ts"

type Rows = Extract<Found, { readonly rows: unknown }>
type Changes = Extract<Found, { readonly changes: unknown }>

/**
 * The reads of kinds that a replica does not hold: each is asked of the authority. What is read in
 * parts is brought to one position by the changes that were told meanwhile.
 */
export class Unheld {
  readonly kinds: readonly string[]
  readonly #ask: (read: Read) => Promise<Found>
  readonly #position: () => number
  readonly #readings = new Readings()

  /** `position` is that of the base, as far as which the answers of `ask` come. */
  constructor(
    kinds: readonly string[],
    ask: (read: Read) => Promise<Found>,
    position: () => number,
  ) {
    this.kinds = kinds
    this.#ask = ask
    this.#position = position
  }

  has(kind: string): boolean {
    return this.kinds.includes(kind)
  }

  /** Takes note of changes for what is being read. */
  told(changes: readonly Change[]): void {
    for (const change of changes) {
      if (this.has(change.kind)) this.#readings.told(change.kind, rowAfter(change))
    }
  }

  /** Another state has taken the place of what is being read. */
  restart(): void {
    this.#readings.restart()
  }

  async row(kind: string, key: string, at?: number): Promise<Row | undefined> {
    const { rows } = await this.#rows({ type: "row", kind, key, ...atOf(at) })
    return rows[0]
  }

  async scan(kind: string, { limit, after: start, ...range }: Range): Promise<readonly Row[]> {
    const { prefix = "", at, reverse = false } = range
    const order = reverse ? (a: string, b: string) => compareText(b, a) : compareText
    const isBehind = (key: string) => start === undefined || order(key, start) > 0
    const { rows } = await this.#readings.read<string>(at === undefined ? kind : undefined, {
      most: limit,
      start,
      part: async (after, most) => {
        const place = after === undefined ? {} : { after }
        const page = await this.#rows({ type: "scan", kind, ...range, ...place, limit: most })
        return { ...page, next: page.rows.at(-1)?.key }
      },
      covers: ({ key }, end) =>
        key.startsWith(prefix) && isBehind(key) && (end === undefined || order(key, end) <= 0),
    })
    return [...rows.values()].sort((a, b) => order(a.key, b.key)).slice(0, limit)
  }

  /** As an engine with an index for everything: the authority looks, and what it finds is told. */
  async seek(kind: string, query: Query, page: SeekPage): Promise<Sought | undefined> {
    try {
      return await (query.limit === undefined
        ? this.#seekAll(kind, query)
        : this.#seekFront(kind, query, page))
    } catch (error) {
      // The authority cannot read what the query looks into; who asks goes through all of it.
      if (StoreError.is(error, "unsupported", "schema_too_new")) return undefined
      throw error
    }
  }

  async count(kind: string, { where, prefix }: Query, { at }: Pick<Moment, "at">): Promise<number> {
    const query = {
      ...(where === undefined ? {} : { where }),
      ...(prefix === undefined ? {} : { prefix }),
    }
    const found = await this.#ask({ type: "count", kind, query, ...atOf(at) })
    return (found as Extract<Found, { readonly count: number }>).count
  }

  /** Those of the kinds that a snapshot is asked for. */
  kindsOf(asked: readonly string[] | KindRange | undefined): readonly string[] {
    if (isList(asked)) return this.kinds.filter((kind) => asked.includes(kind))
    return this.kinds.filter(kindTest(asked))
  }

  /** The kinds that have a present entry, those that are held too. */
  async allKinds(
    moment: KindsMoment,
    held: () => Awaitable<readonly string[]>,
  ): Promise<readonly string[]> {
    const [one, other] = await Promise.all([held(), this.#present(moment)])
    const inRange = kindTest(moment.of)
    return [...one, ...other.filter(inRange)].sort(compareText)
  }

  /** Those of the kinds that have a present entry. */
  async #present({ at }: Pick<Moment, "at">): Promise<readonly string[]> {
    const rows = await Promise.all(
      this.kinds.map((kind) =>
        at === undefined
          ? this.#rows({ type: "find", kind, query: {}, limit: 1 })
          : this.#rows({ type: "scan", kind, limit: 1, at }),
      ),
    )
    return this.kinds.filter((_, index) => rows[index]?.rows.length !== 0)
  }

  async history(kind: string, key: string, limit: number): Promise<readonly Change[]> {
    if (limit === 0) return []
    const read: Read = { type: "history", kind, key, limit: Math.min(limit, MOST_ROWS) }
    return this.#changesOf((await this.#ask(read)) as Changes)
  }

  /** The changes after a position, of all that is followed. */
  async changes(after: number, limit: number): Promise<readonly Change[]> {
    const found: Change[] = []
    for (let from = after; found.length < limit && from < this.#position(); ) {
      const most = Math.min(MOST_ROWS, limit - found.length)
      const part = (await this.#ask({ type: "changes", after: from, limit: most })) as Changes
      for (const change of this.#changesOf(part)) found.push(change)
      if (part.to <= from) break
      from = part.to
    }
    return found
  }

  /** All of some kinds, and with it what is held, at one position. */
  async snapshot(kinds: readonly string[], held: () => Snapshot): Promise<Snapshot> {
    return this.#readings.together(
      kinds,
      async (kind) => new Map((await this.scan(kind, ALL)).map((row) => [row.key, row])),
      (read) => {
        const { seq, rows } = held()
        const all = [...rows, ...read.flatMap((one) => [...one.values()])]
        return { seq, rows: all.sort(byName) }
      },
    )
  }

  async #seekAll(kind: string, query: Query): Promise<Sought> {
    const { rows } = await this.#readings.read<FoundBy["after"]>(kind, {
      most: Number.POSITIVE_INFINITY,
      start: undefined,
      part: (after, limit) => this.#find(kind, query, after, limit),
      // Who asks looks at each of them anyway.
      covers: () => true,
    })
    return { rows: [...rows.values()], next: undefined, isOrdered: false, at: this.#position() }
  }

  async #seekFront(kind: string, query: Query, page: SeekPage): Promise<Sought> {
    const { offset = 0, limit = 0 } = query
    // As many as a live list keeps at first, where that is more than one page.
    const most =
      page.limit < MOST_ROWS ? page.limit : Math.max(MOST_ROWS, 2 * (offset + limit + 33))
    const start = page.after && (JSON.parse(TEXT.decode(page.after.place)) as FoundBy["after"])
    const { rows, whole, next } = await this.#readings.readFront(kind, {
      most,
      start,
      part: (after, count) => this.#find(kind, query, after, count),
    })
    const place = BYTES.encode(JSON.stringify(next ?? null))
    const last = [...rows.keys()].at(-1) ?? ""
    return {
      rows: [...rows.values()],
      next: whole ? undefined : { index: 0, place, key: last },
      isOrdered: true,
      at: this.#position(),
    }
  }

  #find(kind: string, asked: Query, after: FoundBy["after"], limit: number): Promise<FoundRows> {
    const { where, prefix, orderBy, reverse } = asked
    const place = after ?? (asked.after === undefined ? undefined : placeIn(asked))
    const query: FoundBy = {
      ...(where === undefined ? {} : { where }),
      ...(prefix === undefined ? {} : { prefix }),
      ...(orderBy === undefined ? {} : { orderBy }),
      ...(reverse === undefined ? {} : { reverse }),
      ...(place === undefined ? {} : { after: place }),
    }
    return this.#rows({ type: "find", kind, query, limit })
  }

  async #rows(read: Read): Promise<FoundRows> {
    const { rows, ...found } = (await this.#ask(read)) as Rows
    return { ...found, rows: freezeJson(rows.map(received<Row>)) }
  }

  #changesOf({ changes }: Changes): readonly Change[] {
    return freezeJson(changes.map(received<Change>))
  }
}

type FoundRows = Omit<Rows, "rows"> & { readonly rows: readonly Row[] }

const ALL: Range = { limit: Number.POSITIVE_INFINITY }
const BYTES = new TextEncoder()
const TEXT = new TextDecoder()

function atOf(at: number | undefined): { readonly at?: number } {
  return at === undefined ? {} : { at }
}

function byName(a: Row, b: Row): number {
  return compareText(a.kind, b.kind) || compareText(a.key, b.key)
}
