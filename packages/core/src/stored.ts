import type { Change } from "./change.ts"
import type { FollowReads } from "./engine.ts"
import { type Entry, type EntryName, entryOf, isPresent } from "./entry.ts"
import { StoreError } from "./errors.ts"
import type { FeedReads } from "./feed.ts"
import type { Packing } from "./packing.ts"
import type { StoreSnapshot } from "./reading.ts"
import type { Target } from "./target.ts"
import { createWatch, type Watch, type WatchOptions } from "./watch.ts"

/** The facts of a store with their values as they are stored: what a channel carries, unread. */
export interface StoredFacts {
  /** At most `limit` durable changes after a position, in order. */
  changes(after: number, limit: number): Promise<readonly Change[]>
  /** The present entries of some kinds at one durable position. */
  snapshot(kinds: readonly string[]): Promise<StoreSnapshot>
  entry(kind: string, key: string): Promise<Entry | undefined>
  watch(target: Target, options?: WatchOptions): Watch
  /** The version of a kind's schema in which values are written. */
  schema(kind: string): number
  /** The name of the scope that the store is; empty where it is none. */
  readonly scope: string
  /** The value that a stored one is read as. @throws StoreError when it cannot be read. */
  unpack(entry: EntryName, stored: unknown): unknown
  /** The stored form of a value that was read. */
  pack(entry: EntryName, value: unknown): unknown
}

/** @throws StoreError `unsupported` for an object that looks like a store, and is none that was opened here. */
export function storedFacts(store: object): StoredFacts {
  if ("stored" in store) return store.stored as StoredFacts
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
  now(): number
  /** @throws StoreError `closed` */
  checkOpen(): void
  report(error: unknown): void
}

/** The stored facts of a store on an engine. */
export function storedFactsOf(parts: StoredParts): StoredFacts {
  const { engine, feed, packing, scope, now, checkOpen, report } = parts
  return {
    async changes(after, limit) {
      checkOpen()
      return feed.after(after, limit)
    },
    async snapshot(kinds) {
      checkOpen()
      const { seq, rows } = await feed.durably(() => engine.snapshot(kinds))
      const moment = now()
      return { seq, entries: rows.filter((row) => isPresent(row, moment)) }
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
    schema: (kind) => packing.formOf(kind).schema,
    scope,
    unpack: (entry, stored) => packing.copy(packing.unpack(entry, stored)),
    pack: (entry, value) => packing.pack(entry, value),
  }
}
