import { type Awaitable, run, type Steps, wait } from "../../awaitable.ts"
import type { StampedBatch } from "../../batch.ts"
import type { Change } from "../../change.ts"
import type {
  CheckReport,
  Engine,
  EngineContext,
  EngineListener,
  Ingest,
  Moment,
  Outcome,
  Position,
  Pruned,
  Quarantined,
  Range,
  Retention,
  Snapshot,
  StorageFailure,
} from "../../engine.ts"
import type { Row } from "../../entry.ts"
import { StoreError } from "../../errors.ts"
import { checkTables } from "./check.ts"
import type { SqliteConnection } from "./connection.ts"
import { type Database, type DatabaseSettings, openDatabase } from "./database.ts"
import { onDatabase } from "./faults.ts"
import { Health } from "./health.ts"
import type { SqliteEngineOptions } from "./options.ts"
import { Patience, whileBusy } from "./patience.ts"
import { recover } from "./recover.ts"
import { inTransaction } from "./transaction.ts"

/** The engine on SQLite, over any synchronous connection. */
export class SqliteEngine implements Engine {
  readonly name: string
  readonly storage: Engine["storage"]
  readonly durability: Engine["durability"]
  readonly gaps: Readonly<Record<string, string>> = {}
  readonly #settings: DatabaseSettings
  readonly #busyTimeout: number
  readonly #copy: NonNullable<SqliteEngineOptions["copy"]>
  readonly #quarantine: SqliteEngineOptions["quarantine"]
  #opened: Parts | undefined
  #listener: EngineListener | undefined
  #head = 0
  /** The head that a replica was told: it may be above the log's. */
  #told = 0

  /** `connect` opens the database; it is called by `open`. */
  constructor(connect: () => SqliteConnection, options: SqliteEngineOptions) {
    this.name = options.name
    this.storage = options.storage
    this.durability = options.storage === "memory" ? "none" : (options.durability ?? "full")
    this.#busyTimeout = options.busyTimeout ?? 0
    this.#copy = options.copy ?? vacuumInto
    this.#quarantine = options.quarantine
    this.#settings = {
      connect,
      exclusive: options.exclusive ?? false,
      full: this.durability === "full",
      file: options.file,
    }
  }

  open(listener: EngineListener, context: EngineContext): Position {
    const { database, quarantined } = this.#openDatabase(context)
    const { clock } = context
    const patience = () => new Patience(clock, this.#busyTimeout)
    const tell = (failure: StorageFailure | undefined) => listener.health(failure)
    const health = new Health(clock, tell, () => this.#recover())
    this.#opened = { ...database, writing: patience(), reading: patience(), health }
    this.#listener = listener
    const { epoch, head, told } = database.found
    this.#head = head
    this.#told = told
    return quarantined === undefined ? { epoch, head } : { epoch, head, quarantined }
  }

  commit(batches: readonly StampedBatch[]): Awaitable<readonly Outcome[]> {
    return run(this.#committing(batches))
  }

  ingest(part: Ingest): Awaitable<void> {
    return run(this.#ingesting(part))
  }

  row(kind: string, key: string, at?: number): Awaitable<Row | undefined> {
    return this.#read("reading an entry", ({ reads }) => reads.row(kind, key, at))
  }

  scan(kind: string, range: Range): Awaitable<readonly Row[]> {
    return this.#read("reading entries", ({ reads }) => reads.scan(kind, range))
  }

  count(kind: string, moment: Moment): Awaitable<number> {
    return this.#read("counting", ({ reads }) => reads.count(kind, moment))
  }

  kinds(moment: Moment): Awaitable<readonly string[]> {
    return this.#read("reading the kinds", ({ reads }) => reads.kinds(moment))
  }

  snapshot(kinds?: readonly string[]): Awaitable<Snapshot> {
    const read = ({ connection, reads }: Database): Snapshot =>
      inTransaction(connection, "deferred", () => {
        const seq = this.#head
        // What another process has committed since then is not known here yet.
        const at = reads.head(this.#told) > seq ? { at: seq } : {}
        const range = { limit: Number.POSITIVE_INFINITY, ...at }
        const rows = (kinds ?? reads.allKinds()).flatMap((kind) => reads.scan(kind, range))
        return { seq, rows }
      })
    return this.#read("taking a snapshot", read)
  }

  expiring(limit: number): Awaitable<readonly Row[]> {
    return this.#read("reading what will end", ({ reads }) => reads.expiring(limit))
  }

  changes(after: number, limit: number): Awaitable<readonly Change[]> {
    return this.#read("reading changes", ({ reads }) => reads.changes(after, limit))
  }

  since(after: number, limit: number): Awaitable<readonly Row[]> {
    return this.#read("reading what changed", ({ reads }) => reads.since(after, limit))
  }

  history(kind: string, key: string, limit: number): Awaitable<readonly Change[]> {
    return this.#read("reading a history", ({ reads }) => reads.history(kind, key, limit))
  }

  prune(retention: Retention): Awaitable<Pruned> {
    const { pruning, writing } = this.#parts
    return writing.inTurn(() => this.#write("pruning", () => pruning.step(retention)))
  }

  check(): Awaitable<CheckReport> {
    return this.#read("checking", ({ connection }) => checkTables(connection))
  }

  async backup(path: string): Promise<void> {
    try {
      await this.#copy(this.#parts.connection, path)
    } catch (error) {
      onDatabase("copying the database", () => {
        throw error
      })
    }
  }

  close(): Awaitable<void> {
    const opened = this.#opened
    if (opened === undefined) return
    this.#opened = undefined
    const { connection, durable, health } = opened
    health.stop()
    if (durable === undefined) connection.close()
    else return durable.close().then(() => void connection.close())
  }

  /** Opens the database; a damaged one is moved aside first, where that is asked for. */
  #openDatabase(context: EngineContext): { database: Database; quarantined?: Quarantined } {
    const open = () =>
      whileBusy(this.#busyTimeout, () =>
        onDatabase("opening the database", () => openDatabase(this.#settings, context)),
      )
    try {
      return { database: open() }
    } catch (error) {
      if (this.#quarantine === undefined || !StoreError.is(error, "corrupt")) throw error
      const quarantined = { path: this.#quarantine(), error }
      return { database: open(), quarantined }
    }
  }

  *#committing(batches: readonly StampedBatch[]): Steps<readonly Outcome[]> {
    const { writing } = this.#parts
    const committed = yield* wait(writing.inTurn(() => this.#commit(batches)))
    if (!committed.isDurable) {
      yield* this.#reach(committed.head)
      this.#listener?.durable(committed.head)
    }
    return committed.outcomes
  }

  *#ingesting(part: Ingest): Steps<void> {
    const { writes, writing } = this.#parts
    const ingested = writing.inTurn(() => {
      this.#write("taking over changes", () => writes.ingest(part))
      this.#head = part.to
      this.#told = part.to
    })
    yield* wait(ingested)
    yield* this.#reach(part.to)
  }

  /** Commits, and tells of it before anything else is written. */
  #commit(batches: readonly StampedBatch[]) {
    const { writes, durable } = this.#parts
    const { head, changes, outcomes } = this.#write("committing", () =>
      writes.commit(batches, this.#head, this.#told),
    )
    this.#head = head
    // What changed nothing leaves at most a receipt behind.
    const wrote = changes.length > 0 || batches.some((batch) => batch.idempotencyKey !== undefined)
    const isDurable = durable === undefined || (!wrote && durable.has(head))
    const step = { to: head, changes, settled: batches.map((batch) => batch.id) }
    this.#listener?.advance(isDurable ? step : { ...step, durable: false })
    return { head, outcomes, isDurable }
  }

  /** Waits until what was written is durable. */
  *#reach(position: number): Steps<void> {
    const { durable, health } = this.#parts
    if (durable === undefined) return
    const known = health.failure
    try {
      yield* wait(durable.reach(position))
    } catch (error) {
      health.note(error)
      throw error
    }
    health.ok(known)
  }

  #read<T>(doing: string, read: (database: Parts) => T): Awaitable<T> {
    const { reading } = this.#parts
    return reading.attempt(() => onDatabase(doing, () => read(this.#parts)))
  }

  #write<T>(doing: string, write: () => T): T {
    const { durable, health } = this.#parts
    durable?.check()
    try {
      const result = onDatabase(doing, write)
      // What is synced apart is well when it is synced.
      if (durable === undefined) health.ok(health.failure)
      return result
    } catch (error) {
      health.note(error)
      throw error
    }
  }

  /** Tries a disk that has failed. What is in place is durable when that succeeds. */
  #recover(): void {
    const { connection, durable } = this.#parts
    const inline = this.durability === "full" && durable === undefined
    onDatabase("trying the disk again", () => recover(connection, inline ? "FULL" : "NORMAL"))
    durable?.restored(this.#head)
    this.#listener?.durable(this.#head)
  }

  get #parts(): Parts {
    if (this.#opened === undefined) throw new Error(`The engine ${this.name} is not open`)
    return this.#opened
  }
}

/** Copies a database as of now; the event loop waits for it. */
export function vacuumInto(connection: SqliteConnection, path: string): void {
  connection.prepare("VACUUM INTO ?").run(path)
}

/** What there is while the engine is open. */
interface Parts extends Database {
  /** For writes, which keep their order. */
  readonly writing: Patience
  /** For reads, which do not wait for each other. */
  readonly reading: Patience
  readonly health: Health
}
