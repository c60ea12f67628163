import { type Change, type Entry, type Query, type Store, StoreError } from "@tidemark/core"
import { type Range, type Row, type StoredFacts, sizeOf, storedFacts } from "@tidemark/core/engine"
import type { Authorization } from "./authorization.ts"
import { Filter } from "./filter.ts"
import type { Follow, FollowTarget } from "./follow.ts"
import { MOST_ROWS } from "./protocol.ts"
import type { Ask, Found, Read, ReadAnswer } from "./read.ts"
import { sent } from "./sent.ts"

/** Rows are added to an answer until they take so many bytes; the last one may be larger. */
const LARGE = 1024 * 1024

/** A history has at most so many bytes, unless its newest change alone has more. */
const LARGEST = 16 * LARGE

/** How many changes are looked at for one answer, at most. */
const LOOKED_AT = 10_000

type ReadOf<T extends Read["type"]> = Extract<Read, { type: T }>

/** Gives the answer to one question, as soon as it is called. */
export type Answering = () => Promise<ReadAnswer>

/** What answers the questions of a message, each by itself. */
export function answerAsk(
  store: Store,
  authorization: Authorization,
  { follow, asks }: Ask,
): readonly Answering[] {
  const reads = new Reads(store, authorization, follow)
  return asks.map(({ id, read }) => async (): Promise<ReadAnswer> => {
    try {
      return { type: "answer", id, ...(await reads.answer(read)) }
    } catch (error) {
      // A store that closes has no answer; another one may.
      if (!StoreError.is(error) || error.code === "closed") throw error
      return { type: "answer", id, error: error.toJSON() }
    }
  })
}

/** What one follower reads of a store: what it may, and what it follows. What it may not is as empty for it. */
class Reads {
  readonly #store: Store
  readonly #authorization: Authorization
  readonly #facts: StoredFacts
  readonly #filter: Filter
  readonly #targets: ReadonlyMap<string, FollowTarget>

  constructor(store: Store, authorization: Authorization, follow: Follow) {
    this.#store = store
    this.#authorization = authorization
    this.#facts = storedFacts(store)
    this.#filter = new Filter(store, authorization, follow)
    this.#targets = new Map((follow ?? []).map((target) => [target.kind, target]))
  }

  async answer(read: Read): Promise<{ epoch: string; seq: number; found: Found }> {
    for (;;) {
      const { epoch } = this.#store
      const found = await this.#read(read)
      // Of a sequence that was replaced meanwhile, it may be a mixture.
      if (epoch === this.#store.epoch) return { epoch, seq: seqOf(found, this.#facts.head), found }
    }
  }

  async #read(read: Read): Promise<Found> {
    switch (read.type) {
      case "row":
        return this.#row(read)
      case "scan":
        return this.#scan(read)
      case "find":
        return this.#find(read)
      case "count":
        return this.#count(read)
      case "history":
        return this.#history(read)
      case "changes":
        return this.#changes(read)
    }
  }

  async #row({ kind, key, at }: ReadOf<"row">): Promise<Found> {
    if (!this.#filter.hasKind(kind)) return NOTHING
    const row = await this.#facts.reads.row(kind, key, at)
    const isSeen = row !== undefined && (row.deleted || this.#filter.has(row))
    return isSeen ? { rows: [sent(row)], whole: true } : NOTHING
  }

  async #scan({ type: _, kind, prefix, ...range }: ReadOf<"scan">): Promise<Found> {
    const part = this.#partOf(kind, prefix === undefined ? {} : { prefix })
    if (part === undefined) return NOTHING
    const inPart = part.prefix === undefined ? range : { ...range, prefix: part.prefix }
    return part.where === undefined || range.at !== undefined
      ? this.#scanAll(kind, inPart)
      : this.#find({ type: "find", kind, query: queryOf(inPart, part), limit: range.limit })
  }

  /** Also what has ended and was not deleted yet. */
  async #scanAll(kind: string, range: Range): Promise<Found> {
    const rows: Row[] = []
    let size = 0
    for (let after = range.after; ; ) {
      const limit = range.limit - rows.length
      const place = after === undefined ? {} : { after }
      const page = await this.#facts.reads.scan(kind, { ...range, ...place, limit })
      for (const row of page) {
        if (!this.#filter.has(row)) continue
        rows.push(row)
        size += sizeOfRow(row)
        if (size >= LARGE && rows.length < range.limit)
          return { rows: rows.map(sent), whole: false }
      }
      const isEnd = page.length < limit
      if (isEnd || rows.length >= range.limit) return { rows: rows.map(sent), whole: isEnd }
      after = page.at(-1)?.key
    }
  }

  async #find({ kind, query: asked, limit }: ReadOf<"find">): Promise<Found> {
    const query = this.#partOf(kind, asked)
    if (query === undefined) return NOTHING
    const { entries, whole } = await this.#facts.find(kind, query, limit)
    let size = 0
    let count = 0
    while (count < entries.length && size < LARGE) size += sizeOfRow(entries[count++] as Entry)
    const rows = entries.slice(0, count).map(sent)
    if (whole && count === entries.length) return { rows, whole }
    return { rows, whole: false, next: this.#facts.place(query, entries[count - 1] as Entry) }
  }

  async #count({ kind, query: asked, at }: ReadOf<"count">): Promise<Found> {
    const query = this.#partOf(kind, asked)
    if (query === undefined) return { count: 0 }
    if (at === undefined) return { count: await this.#facts.count(kind, query) }
    const isPlain = query.where === undefined && query.prefix === undefined
    const moment = { now: Number.NEGATIVE_INFINITY, at }
    if (isPlain) return { count: await this.#facts.reads.count(kind, moment) }
    const { prefix, where } = query
    const part = { kind, ...(prefix === undefined ? {} : { prefix }), ...(where && { where }) }
    return {
      count: await this.#countAt(new Filter(this.#store, this.#authorization, [part]), kind, at),
    }
  }

  /** Looks at each entry that there was. */
  async #countAt(filter: Filter, kind: string, at: number): Promise<number> {
    let count = 0
    for (let range: Range = { limit: MOST_ROWS, at }; ; ) {
      const page = await this.#facts.reads.scan(kind, range)
      for (const row of page) if (filter.has(row)) count++
      const after = page.at(-1)?.key
      if (page.length < MOST_ROWS || after === undefined) return count
      range = { ...range, after }
    }
  }

  async #history({ kind, key, limit }: ReadOf<"history">): Promise<Found> {
    if (!this.#filter.hasKind(kind)) return { changes: [], to: 0 }
    const changes = await this.#facts.reads.history(kind, key, limit)
    const seen = changes.filter((change) => this.#filter.has(change))
    checkLength(kind, key, seen)
    return { changes: seen.map(sent), to: 0 }
  }

  async #changes({ after, limit }: ReadOf<"changes">): Promise<Found> {
    const changes: Change[] = []
    let size = 0
    let to = after
    const { position } = this.#store
    for (let looked = 0; looked < LOOKED_AT; ) {
      const page = await this.#facts.changes(to, MOST_ROWS)
      for (const change of page) {
        to = change.seq
        const seen = this.#filter.seen(change)
        if (seen === undefined) continue
        changes.push(seen)
        size += sizeOfRow(seen)
        if (changes.length >= limit || size >= LARGE) return { changes: changes.map(sent), to }
      }
      looked += page.length
      if (page.length < MOST_ROWS) {
        to = Math.max(to, position)
        break
      }
    }
    return { changes: changes.map(sent), to }
  }

  /** A query within what is followed of its kind; `undefined` where that is nothing. */
  #partOf(kind: string, { prefix = "", where, ...query }: Query): Query | undefined {
    if (!this.#filter.hasKind(kind)) return undefined
    const target = this.#targets.get(kind)
    const followed = target?.prefix ?? ""
    if (!prefix.startsWith(followed) && !followed.startsWith(prefix)) return undefined
    const longer = prefix.length > followed.length ? prefix : followed
    const conditions = [where, target?.where].filter((one) => one !== undefined)
    const [first, ...more] = conditions
    return {
      ...query,
      ...(longer === "" ? {} : { prefix: longer }),
      ...(first === undefined ? {} : { where: more.length === 0 ? first : { $and: conditions } }),
    }
  }
}

/** @throws StoreError `quota_exceeded` for a history that is too long for one answer. */
function checkLength(kind: string, key: string, changes: readonly Change[]): void {
  let size = 0
  for (const [index, change] of changes.entries()) {
    size += sizeOfRow(change)
    if (size <= LARGEST || index === 0) continue
    throw new StoreError(
      "quota_exceeded",
      `The history of ${kind}/${key} is too long to be told at once, from its version ${change.version} back`,
      { details: { kind, key, limit: LARGEST, versions: index }, hint: `Ask for ${index} changes` },
    )
  }
}

const NOTHING: Found = { rows: [], whole: true }

/** A range of keys as a query. */
function queryOf({ reverse = false, after }: Range, part: Query): Query {
  return { ...part, reverse, ...(after === undefined ? {} : { after }) }
}

/** The position that what was read is not newer than: rows may be ahead of what has been told. */
function seqOf(found: Found, head: number): number {
  const rows = "rows" in found ? found.rows : []
  return rows.reduce((newest, { seq }) => Math.max(newest, seq), head)
}

function sizeOfRow({ key, value }: Pick<Row, "key" | "value">): number {
  return sizeOf(key, value ?? null)
}
