// Over 250 lines: the port is one contract, and is read as one.
import type { Awaitable } from "./awaitable.ts"
import type { BatchResult, Seen, StampedBatch } from "./batch.ts"
import type { Change } from "./change.ts"
import type { Clock } from "./clock.ts"
import type { DeclaredIndex } from "./declared-index.ts"
import type { EntryName, Row } from "./entry.ts"
import type { ErrorRecord, StoreError } from "./errors.ts"
import type { Query } from "./query.ts"
import type { Usage } from "./usage.ts"

/**
 * The port that a storage implements. Small and total: no method is optional, and what an
 * engine cannot do is told in `gaps`. An engine that answers at once returns plain values; one
 * that must wait returns promises. See `docs/write-an-engine.md`.
 */
export interface Engine {
  /** What it is, for status and messages: `"memory"`, `"better-sqlite3"`. */
  readonly name: string
  /** Where values end up, as `status.storage` tells it. */
  readonly storage: "memory" | "file" | "opfs"
  /** What an acknowledged write survives: nothing, the end of the process, or a power cut too. */
  readonly durability: "none" | "process" | "full"
  /** The contract's sentences that this engine does not hold, with the reason. */
  readonly gaps: Readonly<Record<string, string>>
  /** Makes it ready and says where it stands. Called once, before everything else. */
  open(listener: EngineListener, context: EngineContext): Awaitable<Position>
  /**
   * Applies batches in order, each whole or not at all, all durable before it returns or its
   * promise resolves. What changed is told to the listener first, with the ids of the batches it
   * settles. Rejecting (or throwing) without that means that nothing of the group was applied;
   * rejecting after it, that the group is in place, but not known to be durable.
   */
  commit(batches: readonly StampedBatch[]): Awaitable<readonly Outcome[]>
  /** Takes over what another store has decided: the base of a replica. Atomic. */
  ingest(part: Ingest): Awaitable<void>
  /**
   * Where it stands now: what is read before and after it stood at the same position is of one
   * state. Others who write to the same storage may have moved it, and nobody was told yet.
   */
  place(): Awaitable<Position>
  /**
   * The row of a key, now or as it was `at` a seq. A tombstone counts as a row, and so does an
   * entry that has expired and was not deleted yet.
   */
  row(kind: string, key: string, at?: number): Awaitable<Row | undefined>
  /** The rows of a kind that are no tombstones, expired ones too, in key order. */
  scan(kind: string, range: Range): Awaitable<readonly Row[]>
  /** How many entries of a kind are present. */
  count(kind: string, moment: Moment): Awaitable<number>
  /**
   * Rows that a query may find, by an index: page after page, everything that it does find is told.
   * They may be more than the query finds, and expired ones too, but no tombstones. `undefined`
   * when no index helps here and now, also in the middle: who asks goes by `scan` then.
   */
  seek(kind: string, query: Query, page: SeekPage): Awaitable<Sought | undefined>
  /** How many present entries pass a query's `where` and `prefix`, when an index alone can tell. */
  tally(kind: string, query: Query, moment: Moment): Awaitable<number | undefined>
  /** The kinds that have a present entry, in order. */
  kinds(moment: KindsMoment): Awaitable<readonly string[]>
  /** All rows that `scan` gives, of some kinds, of a range of them or of all, at one position. */
  snapshot(kinds?: readonly string[] | KindRange): Awaitable<Snapshot>
  /** What each kind of a scope, or of a scope inside it, takes at a time; what has expired does not count. */
  usage(scope: string, now: number): Awaitable<Usage>
  /** At most `limit` rows that have an end, the nearest end first, expired ones too. */
  expiring(limit: number): Awaitable<readonly Row[]>
  /**
   * At most `limit` changes after a seq, in order.
   * @throws StoreError `position_too_old` when the log no longer reaches back so far.
   */
  changes(after: number, limit: number): Awaitable<readonly Change[]>
  /**
   * At most `limit` rows, tombstones too, whose last change came after a seq, in the order of
   * these changes: the way to follow from a position that the log no longer reaches.
   * @throws StoreError `position_too_old` when tombstones made after it are gone.
   */
  since(after: number, limit: number): Awaitable<readonly Row[]>
  /** The newest kept changes of one entry, newest first. */
  history(kind: string, key: string, limit: number): Awaitable<readonly Change[]>
  /** Lets go of what a retention no longer keeps, in one small step. */
  prune(retention: Retention): Awaitable<Pruned>
  /** Looks for damage in all that is stored. */
  check(): Awaitable<CheckReport>
  /** Writes a copy of all that is stored to a new file, while writes go on. */
  backup(path: string): Awaitable<void>
  /** Lets go of everything. Nothing is called after it. */
  close(): Awaitable<void>
}

/** The part of the port that answers for entries. */
export type EngineReads = Pick<
  Engine,
  "place" | "row" | "scan" | "count" | "seek" | "tally" | "kinds" | "snapshot" | "history"
>

/** The part of the port that those use who follow. */
export type FollowReads = EngineReads & Pick<Engine, "since">

/** What an engine tells the store that opened it. */
export interface EngineListener {
  /** The base has moved. Called in order, never inside a transaction. */
  advance(advance: Advance): void
  /**
   * Everything up to a position is durable now, and those who follow may be told. Follows each
   * `advance` that was not durable yet, before the promises of its commits resolve.
   */
  durable(to: number): void
  /** Batches of an earlier run are still on their way; ids are below zero. Only replicas have such. */
  pending(batches: readonly StampedBatch[]): void
  /**
   * The way to the authority has changed; only engines that have one call it. `reason` tells why the
   * authority will not have us.
   */
  connection(state: ConnectionState, reason?: ErrorRecord): void
  /** The storage does not take writes, and why; `undefined`: it does again. */
  health(failure: StorageFailure | undefined): void
  /** Something went wrong for which no caller waits. */
  report(error: unknown): void
}

/** How a store reaches its authority. `"local"`: it is the authority. */
export type ConnectionState =
  | "local"
  | "connecting"
  | "live"
  | "offline"
  | "incompatible"
  | "denied"

/** Why a storage does not take writes. */
export interface StorageFailure {
  /** The newest error. */
  readonly error: ErrorRecord
  /** When the first one came, in milliseconds since the epoch. */
  readonly since: number
}

/** One step of the base. */
export interface Advance {
  /** The position reached. */
  readonly to: number
  readonly changes: readonly Change[]
  /** Ids of the pending batches that this base includes, or has refused. */
  readonly settled: readonly number[]
  /**
   * Shown already, but a power cut could take it back: those who follow hear of it with
   * `durable`. Not for a reset, which is told when it is durable.
   */
  readonly durable?: false
  /** The identity of the sequence, where it is another one than before. */
  readonly epoch?: string
  /**
   * The sequence was replaced: nothing that was read before still holds. `true`: `changes` tell
   * the difference. `"unknown"`: nobody can tell it, and what is shown is read again.
   */
  readonly reset?: true | "unknown"
  /** Kinds of which `changes` does not tell what a reset has changed: what is shown of them is read again. */
  readonly untold?: readonly string[]
}

/** Where an engine stands. */
export interface Position {
  /** The identity of the sequence: another one after a restore, so that positions are not mixed. */
  readonly epoch: string
  /** The seq of the last change. */
  readonly head: number
  /** Set when what was there was damaged and moved out of the way, so that this is a new beginning. */
  readonly quarantined?: Quarantined
}

/** A damaged database that was moved out of the way. */
export interface Quarantined {
  readonly path: string
  /** What was wrong with it. */
  readonly error: StoreError
}

/** What became of one batch. */
export type Outcome =
  | { readonly applied: true; readonly result: BatchResult }
  | { readonly applied: false; readonly error: StoreError }

/** What an engine may ask of the store that opens it. */
export interface EngineContext {
  readonly clock: Clock
  /** Whether two stored values of an entry are equal. @throws StoreError when that cannot be told; the batch is refused. */
  equal(entry: EntryName, a: unknown, b: unknown): boolean
  /**
   * What becomes of a set over a value that is no longer there: `over` is what its writer had
   * seen, `mine` what it sets, `theirs` what is there; all stored, as is the result.
   *
   * @throws StoreError when that cannot be told; the batch is refused.
   */
  merge(entry: EntryName, over: Seen, mine: unknown, theirs: unknown): unknown
  /** What is to be found quickly. */
  readonly indexes: readonly DeclaredIndex[]
  /**
   * What a stored value is read as in one version of its kind's schema: by which fields the entry
   * is found. `undefined` when that cannot be told here.
   */
  read(entry: EntryName, stored: unknown, schema: number): unknown
}

/** When something is looked at. */
export interface Moment {
  /** Milliseconds since the epoch: what has expired by then is not present. */
  readonly now: number
  /** The position, where it is not the present one. */
  readonly at?: number
}

/** Which kinds: those whose names begin with a prefix, or, `outside`, all others. */
export interface KindRange {
  readonly prefix: string
  readonly outside?: true
}

/** When kinds are looked at, and which. */
export interface KindsMoment extends Moment {
  readonly of?: KindRange | undefined
}

/** What is kept. The newest row of each entry always is. */
export interface Retention {
  /** Changes after this seq are kept, all of them. */
  readonly after: number
  /** So many older changes of each entry are kept too, behind its newest. */
  readonly versions: number
  /** The same for kinds that have a number of their own; a scope's kinds by their local names. */
  readonly versionsOf: Readonly<Record<string, number>>
  /** Tombstones made after this seq are kept; at most `after`. */
  readonly tombstonesAfter: number
  /** Receipts of batches committed from this time on are kept, in milliseconds since the epoch. */
  readonly receiptsFrom: number
  /** At most about so many rows are looked at in one step. */
  readonly limit: number
}

/** What one step of pruning did. */
export interface Pruned {
  readonly removed: number
  /** Whether another step would find more. */
  readonly more: boolean
}

/** What a check found. */
export interface CheckReport {
  readonly ok: boolean
  /** What is wrong, in words; empty when all is well. */
  readonly problems: readonly string[]
}

/** A range of keys. */
export interface Range {
  readonly prefix?: string
  /** From the greatest key down. */
  readonly reverse?: boolean
  /** Only keys that come after this one in the order that is read. */
  readonly after?: string
  readonly limit: number
  /** The position, where it is not the present one. */
  readonly at?: number
}

/** A part of what an index tells. */
export interface SeekPage {
  /** Where the page before has ended. */
  readonly after?: IndexPlace
  readonly limit: number
}

/** Where a row stands in an index. Means something to the engine alone; it may travel. */
export interface IndexPlace {
  readonly index: number
  readonly place: Uint8Array
  readonly key: string
}

/** What an index tells. */
export interface Sought {
  readonly rows: readonly Row[]
  /** Where the next page begins; `undefined` when this is the last one. */
  readonly next: IndexPlace | undefined
  /** Whether the rows come in the order of the query. */
  readonly isOrdered: boolean
  /** The position that the page was read at: rows can move between two pages of different ones. */
  readonly at: number
}

/** A state at a position. */
export interface Snapshot {
  readonly seq: number
  readonly rows: readonly Row[]
}

/** A part of another store's sequence, or, with `reset`, its state in place of all that was here. */
export interface Ingest {
  readonly epoch: string
  readonly to: number
  readonly changes: readonly Change[]
  readonly reset?: { readonly rows: readonly Row[] }
}
