import { mapped } from "./awaitable.ts"
import type { Change } from "./change.ts"
import { type Collected, collect, countMatches } from "./collect.ts"
import type { FollowReads } from "./engine.ts"
import { type Entry, type EntryName, entryOf, isPresent, type Row } from "./entry.ts"
import { StoreError } from "./errors.ts"
import type { FeedReads } from "./feed.ts"
import { UNSCOPED } from "./kind-range.ts"
import type { Placed } from "./order.ts"
import type { Packing } from "./packing.ts"
import type { Source } from "./page.ts"
import { placeIn, type Query } from "./query.ts"
import type { StoreSnapshot } from "./reading.ts"
import type { Target } from "./target.ts"
import { createWatch, type Watch, type WatchOptions } from "./watch.ts"

/** The facts of a store with their values as they are stored: what a channel carries, unread. */
export interface StoredFacts {
  /** At most `limit` durable changes after a position, in order. */
  changes(after: number, limit: number): Promise<readonly Change[]>
  /** The present entries of some kinds, or of all, Tidemark's own too, at one durable position. */
  snapshot(kinds?: readonly string[]): Promise<StoreSnapshot>
  /** The kinds that had an entry at a position, Tidemark's own too. */
  kindsAt(position: number): Promise<readonly string[]>
  entry(kind: string, key: string): Promise<Entry | undefined>
  watch(target: Target, options?: WatchOptions): Watch
  /** Calls back when the position has moved, whatever it was that moved it; the result unsubscribes. */
  onMove(moved: () => void): () => void
  /** The version of a kind's schema in which values are written. */
  schema(kind: string): number
  /** The name of the scope that the store is; empty where it is none. */
  readonly scope: string
  /** The time by which the store decides what has ended. */
  now(): number
  /** The value that a stored one is read as. @throws StoreError when it cannot be read. */
  unpack(entry: EntryName, stored: unknown): unknown
  /** The stored form of a value that was read. */
  pack(entry: EntryName, value: unknown): unknown
  /** What the engine reads, unread; more than what is durable perhaps, and up to `head`. */
  readonly reads: FollowReads
  /** The seq of the newest change, durable or not. */
  readonly head: number
  /**
   * The first entries of a query as they are stored, in its order, and whether that is all it finds.
   * @throws StoreError for a value that cannot be read, where the query looks into it.
   */
  find(kind: string, query: Query, most: number): Promise<Collected>
  /** Where an entry stands in a query's order: what `after` takes, as plain JSON. */
  place(query: Query, entry: Entry): Placed
  /** How many entries a query finds, whatever part of them it wants. @throws StoreError as `find` does. */
  count(kind: string, query: Query): Promise<number>
}

/** @throws StoreError `unsupported` for an object that looks like a store, and is none that was opened here. */
export function storedFacts(store: object): StoredFacts {
  const { stored } = Object(store) as { readonly stored?: StoredFacts }
  if (stored !== undefined) return stored
  throw new StoreError("unsupported", "This store does not tell how its values are stored", {
    hint: "Give the store itself, as openStore() gave it",
  })
}

/** What stored facts are read from. */
export interface StoredParts {
  readonly engine: FollowReads
  readonly feed: FeedReads
  readonly packing: Packing
  /** The name of the scope; empty for none. */
  readonly scope: string
  readonly view: { readonly head: number }
  now(): number
  /** @throws StoreError `closed` */
  checkOpen(): void
  report(error: unknown): void
}

/** The stored facts of a store on an engine. */
export function storedFactsOf(parts: StoredParts): StoredFacts {
  const { engine, feed, packing, view, scope, now, checkOpen, report } = parts
  return {
    reads: engine,
    get head() {
      return Math.max(view.head, feed.position)
    },
    now,
    async changes(after, limit) {
      checkOpen()
      return feed.after(after, limit)
    },
    async snapshot(kinds) {
      checkOpen()
      const { seq, rows } = await feed.durably(() => engine.snapshot(kinds ?? UNSCOPED))
      const moment = now()
      return { seq, entries: rows.filter((row) => isPresent(row, moment)) }
    },
    async kindsAt(at) {
      checkOpen()
      return engine.kinds({ now: now(), at, of: UNSCOPED })
    },
    async entry(kind, key) {
      checkOpen()
      return entryOf(await engine.row(kind, key), now())
    },
    watch(target, options) {
      checkOpen()
      const give = (change: Change) => change
      return createWatch({ engine, feed, now, give, report }, target, options)
    },
    onMove: (moved) => feed.onWake(moved),
    schema: (kind) => packing.formOf(kind).schema,
    scope,
    unpack: (entry, stored) => packing.copy(packing.unpack(entry, stored)),
    pack: (entry, value) => packing.pack(entry, value),
    async find(kind, query, most) {
      checkOpen()
      const { source, storedOf } = readingOf(parts)
      const { entries, whole } = await collect(source, kind, query, most)
      return { entries: entries.map(storedOf), whole }
    },
    place: (query, { kind, key, value }) =>
      placeIn({ ...query, after: { key, value: packing.unpack({ kind, key }, value) } }),
    async count(kind, query) {
      checkOpen()
      return countMatches(readingOf(parts).source, kind, query)
    },
  }
}

/** A way to query what is stored by what it is read as, and from each row that was found back to the stored one. */
function readingOf({ engine, packing, now }: StoredParts) {
  const stored = new Map<Entry, Row>()
  const read = (row: Row): Row => {
    const unpacked = packing.unpacked(row)
    if (unpacked !== row) stored.set(unpacked, row)
    return unpacked
  }
  const nothing = new Map<string, Row>()
  const source: Source = {
    engine: {
      place: () => engine.place(),
      row: (kind, key) => mapped(engine.row(kind, key), (row) => row && read(row)),
      scan: (kind, range) => mapped(engine.scan(kind, range), (rows) => rows.map(read)),
      seek: (kind, query, page) =>
        mapped(
          engine.seek(kind, query, page),
          (sought) => sought && { ...sought, rows: sought.rows.map(read) },
        ),
      count: (kind, moment) => engine.count(kind, moment),
      tally: (kind, query, moment) => engine.tally(kind, query, moment),
    },
    now,
    overlay: () => nothing,
    row: () => undefined,
  }
  return { source, storedOf: (entry: Entry): Entry => stored.get(entry) ?? entry }
}
