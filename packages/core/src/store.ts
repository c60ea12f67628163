// Over 250 lines: its interfaces have to stand in one file (decision 20).
import type { Awaitable } from "./awaitable.ts"
import type { Batch, BatchResult, DeleteResult, ScopeQuota, SetResult } from "./batch.ts"
import type { Change } from "./change.ts"
import type { ConsumeOptions, Consumer, Handler } from "./consume.ts"
import type { EndOptions } from "./end.ts"
import type { CheckReport } from "./engine.ts"
import type { InputOf, KindName, Kinds, KindTypes, ValueOf } from "./kinds.ts"
import type { TextSource } from "./lines.ts"
import type { Live } from "./live.ts"
import type { LoadOptions } from "./load.ts"
import type { MigrationOptions, MigrationReport } from "./migration.ts"
import type { Query } from "./query.ts"
import type { EntryOf, ScanOptions, StoreSnapshot } from "./reading.ts"
import type { RetentionOptions } from "./retention.ts"
import type { StoreStatus } from "./store-status.ts"
import type { Target } from "./target.ts"
import type { Transaction } from "./transaction.ts"
import type { ScopeUsage } from "./usage.ts"
import type { Watch, WatchOptions } from "./watch.ts"
import type { EntryWriteOptions, SetOptions, WriteOptions } from "./writing.ts"

/** Reads. What is read shows own writes at once, also those still on their way. */
export interface Reader<K extends Kinds = Kinds> {
  /** Never there; see `KindTypes`. */
  readonly kindTypes?: KindTypes<K>
  get<N extends KindName<K>>(kind: N, key: string): Promise<ValueOf<K, N> | undefined>
  entry<N extends KindName<K>>(kind: N, key: string): Promise<EntryOf<K, N> | undefined>
  list<N extends KindName<K>>(
    kind: N,
    query?: Query<ValueOf<K, N>>,
  ): Promise<readonly EntryOf<K, N>[]>
  keys<N extends KindName<K>>(kind: N, query?: Query<ValueOf<K, N>>): Promise<readonly string[]>
  /**
   * All entries that match, in key order, for kinds too large for a list: only a page of them is
   * in memory. Writing meanwhile is safe: no entry comes twice, and none is left out that stays
   * there. What is told of an entry may be as old as its page.
   *
   * @throws StoreError `unsupported` for a query with `orderBy`; the loop throws `aborted` when its
   * signal fires and `closed` when the store closes.
   * @example
   * for await (const { key, value } of store.scan("places")) write(key, value)
   */
  scan<N extends KindName<K>>(
    kind: N,
    query?: Query<ValueOf<K, N>>,
    options?: ScanOptions,
  ): AsyncIterable<EntryOf<K, N>>
  /** How many entries match; `after`, `limit` and `offset` do not count. */
  count<N extends KindName<K>>(kind: N, query?: Query<ValueOf<K, N>>): Promise<number>
  /** The kinds that have an entry, in UTF-8 byte order. */
  kinds(prefix?: string): Promise<readonly string[]>
  /**
   * All committed entries of some kinds, or of all, at one position, once that is durable; also
   * what other processes have committed by now. Of no kinds (`[]`), it tells that position.
   */
  snapshot(kinds?: readonly KindName<K>[]): Promise<StoreSnapshot>
  /** The kept changes of one entry, newest first, at most `limit` (default 100). */
  history<N extends KindName<K>>(
    kind: N,
    key: string,
    options?: { readonly limit?: number },
  ): Promise<readonly Change<ValueOf<K, N>>[]>
  /** At most `limit` (default 1000) durable changes after a position, in order, of some kinds or of all. @throws `position_too_old` */
  changes(options: {
    readonly after: number
    readonly limit?: number
    readonly kinds?: readonly KindName<K>[]
  }): Promise<readonly Change[]>
  /** What this process knows now, without waiting. */
  peek<N extends KindName<K>>(kind: N, key: string): ValueOf<K, N> | undefined
}

/**
 * Writes. Each shows in `peek` and live results before its promise is returned; the promise
 * resolves when it is durable. A write that fails is taken back and rejects.
 */
export interface Writer<K extends Kinds = Kinds> {
  /** Never there; see `KindTypes`. */
  readonly kindTypes?: KindTypes<K>
  /** @throws StoreError `invalid_key`, `invalid_value`, `validation_failed`, `conflict`, `not_found` (strict) */
  set<N extends KindName<K>>(
    kind: N,
    key: string,
    value: InputOf<K, N>,
    options?: SetOptions,
  ): Promise<SetResult>
  /** Writes several entries as one batch, in key order; others of the kind stay as they are. */
  setMany<N extends KindName<K>>(
    kind: N,
    entries:
      | Readonly<Record<string, InputOf<K, N>>>
      | Iterable<readonly [key: string, value: InputOf<K, N>]>,
    options?: WriteOptions & EndOptions,
  ): Promise<BatchResult>
  /**
   * Makes a new value of the present one; run again when somebody else was faster. An idempotency
   * key covers what is committed: repeated, `change` runs again, and nothing of it is applied.
   * @throws StoreError `not_found` when there is no entry; whatever `change` throws.
   */
  update<N extends KindName<K>>(
    kind: N,
    key: string,
    change: (value: ValueOf<K, N>) => Awaitable<InputOf<K, N>>,
    options?: SetOptions,
  ): Promise<SetResult>
  /**
   * Gives an entry another end and leaves its value: with `ttl` or `expiresAt`, or, without them,
   * none.
   *
   * @returns whether there is an entry
   * @throws StoreError `invalid_value` for what is no end; `conflict`
   */
  touch<N extends KindName<K>>(kind: N, key: string, options?: SetOptions): Promise<boolean>
  /** Deletes an entry; one that is not there is no error. */
  delete<N extends KindName<K>>(
    kind: N,
    key: string,
    options?: EntryWriteOptions,
  ): Promise<DeleteResult<ValueOf<K, N>>>
  /**
   * Deletes what a query finds, all of it or nothing, as one batch; all of a kind without one.
   * An entry that another writer changes meanwhile is looked at again, so that none is deleted
   * that does not match.
   *
   * @returns how many were deleted
   * @throws StoreError `invalid_value` for a query that cannot be read
   */
  deleteMany<N extends KindName<K>>(
    kind: N,
    query?: Query<ValueOf<K, N>>,
    options?: WriteOptions,
  ): Promise<number>
  /**
   * Deletes now what has ended; a timer does so too. Nobody sees it any more either way.
   *
   * @returns how many entries were deleted
   */
  purge(): Promise<number>
  /**
   * Runs `steps` on staged writes and commits them as one batch. What was read must still hold
   * at the commit, else everything runs again. A throw leaves no trace. An idempotency key covers
   * what is committed: repeated, the steps run again, and nothing of them is applied.
   */
  transaction<T>(steps: (tx: Transaction<K>) => Awaitable<T>, options?: WriteOptions): Promise<T>
  /** The primitive that all writes are made of. */
  commit(batch: Batch, options?: Pick<WriteOptions, "signal">): Promise<BatchResult>
}

/** Follows. `watch` tells committed facts, each once; live results tell what to draw now. */
export interface Watcher<K extends Kinds = Kinds> {
  /** Never there; see `KindTypes`. */
  readonly kindTypes?: KindTypes<K>
  watch<N extends KindName<K>>(
    target: N | readonly [kind: N, key: string],
    options?: WatchOptions,
  ): Watch<ValueOf<K, N>>
  watch(target: Target, options?: WatchOptions): Watch
  live<N extends KindName<K>>(kind: N, key: string): Live<ValueOf<K, N> | undefined>
  /** As `live`, with the facts: another one also when only `pending` or the end has changed. */
  liveEntry<N extends KindName<K>>(kind: N, key: string): Live<EntryOf<K, N> | undefined>
  liveList<N extends KindName<K>>(
    kind: N,
    query?: Query<ValueOf<K, N>>,
  ): Live<readonly EntryOf<K, N>[]>
}

/** Application state: entries by kind and key, their changes in one sequence, and readers of both. */
export interface Store<K extends Kinds = Kinds> extends Reader<K>, Writer<K>, Watcher<K> {
  /** The identity of the sequence. Positions of different epochs do not compare. */
  readonly epoch: string
  /** The seq of the newest durable change: how far watches and other followers have been told. */
  readonly position: number
  readonly status: Live<StoreStatus>
  /**
   * The store as it was at a position, as far as its history is kept: what was committed then.
   * @throws StoreError `invalid_value` for no position of this store; each read `position_too_old`.
   */
  at(seq: number): Reader<K>
  /**
   * This store seen through a namespace: the same interface, with kinds of its own, declared by
   * the names they have there. Nothing outside shows in it, and nothing of it in `"*"`, `kinds()`
   * and snapshots outside. Its handle may be closed by itself; it ends with the store.
   *
   * `quota` bounds what this handle, and scopes opened from it, may write: in the same transaction
   * as the write, which else rejects with `quota_exceeded`.
   *
   * @throws StoreError `invalid_key`, `invalid_value`; `unsupported` on a replica
   */
  scope(namespace: string, quota?: ScopeQuota): Scope<K>
  /** What can be read and followed of this store: one object, always the same, that cannot write. */
  readonly(): Reader<K> & Watcher<K>
  /**
   * Handles each change of a target once, in order, by a handler whose writes are committed
   * together with how far it is: under this name, over all restarts, whoever runs it.
   *
   * @throws StoreError `invalid_key` for a bad name or target, `invalid_value` for a bad option.
   * @example
   * store.consume("totals", "orders", async ({ value }, tx) => {
   *   const sum = (await tx.get("totals", "all")) ?? 0
   *   await tx.set("totals", "all", sum + value.amount)
   * })
   */
  consume<N extends KindName<K>>(
    name: string,
    target: N | readonly [kind: N, key: string],
    handler: Handler<ValueOf<K, N>, K>,
    options?: ConsumeOptions<K>,
  ): Consumer
  consume(
    name: string,
    target: Target,
    handler: Handler<unknown, K>,
    options?: ConsumeOptions<K>,
  ): Consumer
  /**
   * Lets go of what a retention no longer keeps: the store's own, or another one. The background
   * does the same as the store goes on. What a consumer has not handled is kept.
   */
  prune(retention?: RetentionOptions): Promise<{ readonly removed: number }>
  /**
   * Brings entries that an older schema or another codec wrote to the form that their kinds write
   * now, in small batches with the cause `"migrated"`, while others write. Reading does not need it.
   * What cannot be brought there stays as it is and is told. Ended in the middle, the next one goes on.
   *
   * @example
   * const { kinds } = await store.migrate({ dryRun: true })
   * @throws StoreError `aborted`; `unsupported` in a replica: its authority migrates.
   */
  migrate(options?: MigrationOptions<K>): Promise<MigrationReport>
  /** Looks through everything that is stored for damage. The time grows with the store. */
  check(): Promise<CheckReport>
  /**
   * Everything as text, one JSON object a line: the state at one position, although writes go on
   * while it is read, with a page of it in memory. Values of codecs stay encoded.
   *
   * @example
   * await writeFile("app.jsonl", store.dump())
   */
  dump(options?: { readonly kinds?: readonly KindName<K>[] }): AsyncIterable<string>
  /**
   * Writes what a dump holds, over what is there. Values are checked as in any write. It goes in
   * portions: what was loaded before an error stays, and loading again goes on.
   * @throws StoreError that names the line in `details.line`.
   */
  load(source: TextSource, options?: LoadOptions): Promise<{ readonly lines: number }>
  /**
   * Writes a copy to a new file, as of one moment, while writes go on. `restoreBackup` of the
   * engine's entry point puts it back.
   * @throws StoreError `invalid_value` for a file that exists, `unsupported` where there are no files.
   */
  backup(path: string): Promise<void>
  /** Ends its consumers, waits for writes on their way, ends all watches, and refuses every later call with `closed`. Idempotent. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** A store seen through one namespace. */
export interface Scope<K extends Kinds = Kinds> extends Store<K> {
  /** What the scope takes, as its quota counts it: what is committed and has not ended. */
  usage(): Promise<ScopeUsage>
}
