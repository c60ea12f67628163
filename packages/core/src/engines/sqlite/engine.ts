import type { Awaitable } from "../../awaitable.ts"
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
  Range,
  Retention,
  Snapshot,
} from "../../engine.ts"
import type { Row } from "../../entry.ts"
import { checkTables } from "./check.ts"
import type { SqliteConnection } from "./connection.ts"
import type { DatabaseFile } from "./database-file.ts"
import { Durable } from "./durable.ts"
import { onDatabase } from "./faults.ts"
import { whileBusy } from "./patience.ts"
import { SqlitePruning } from "./prune.ts"
import { SqliteReads } from "./read.ts"
import { prepareTables, readMeta } from "./tables.ts"
import { SqliteWrites } from "./write.ts"

/** How hard a write must have arrived before it is acknowledged. */
export type Durability = "full" | "process"

export interface SqliteEngineOptions {
  /** What the driver is called. */
  readonly name: string
  readonly storage: Engine["storage"]
  /** `"full"` (default): survives a power cut. `"process"`: survives the end of the process, and is faster. */
  readonly durability?: Durability
  /** How long opening waits for other processes, in milliseconds. Default 0. */
  readonly busyTimeout?: number
  /** For a connection that has its database for itself, as on OPFS. Default: shared by processes. */
  readonly exclusive?: boolean
  /**
   * The file behind the connection, asked for once that is open. With it a commit at `"full"`
   * reaches the disk off the event loop; without it SQLite waits for the disk itself.
   */
  readonly file?: () => DatabaseFile
}

/** The engine on SQLite, over any synchronous connection. */
export class SqliteEngine implements Engine {
  readonly name: string
  readonly storage: Engine["storage"]
  readonly durability: Engine["durability"]
  readonly gaps: Readonly<Record<string, string>> = {}
  readonly #connect: () => SqliteConnection
  readonly #exclusive: boolean
  readonly #busyTimeout: number
  readonly #openFile: (() => DatabaseFile) | undefined
  #opened: Opened | undefined
  #listener: EngineListener | undefined
  #head = 0
  /** The head that a replica was told: it may be above the log's. */
  #told = 0

  /** `connect` opens the database; it is called by `open`. */
  constructor(connect: () => SqliteConnection, options: SqliteEngineOptions) {
    this.#connect = connect
    this.name = options.name
    this.storage = options.storage
    this.durability = options.storage === "memory" ? "none" : (options.durability ?? "full")
    this.#exclusive = options.exclusive ?? false
    this.#busyTimeout = options.busyTimeout ?? 0
    this.#openFile = options.file
  }

  open(listener: EngineListener, context: EngineContext): Position {
    this.#listener = listener
    return whileBusy(this.#busyTimeout, () =>
      onDatabase("opening the database", () => this.#connectAndPrepare(context)),
    )
  }

  commit(batches: readonly StampedBatch[]): Awaitable<readonly Outcome[]> {
    const { durable, writes } = this.#open
    durable?.check()
    const { head, changes, outcomes } = onDatabase("committing", () =>
      writes.commit(batches, this.#head, this.#told),
    )
    this.#head = head
    const step = { to: head, changes, settled: batches.map((batch) => batch.id) }
    // What changed nothing leaves at most a receipt behind.
    const wrote = changes.length > 0 || batches.some((batch) => batch.idempotencyKey !== undefined)
    if (durable === undefined || (!wrote && durable.has(head))) {
      this.#listener?.advance(step)
      return outcomes
    }
    this.#listener?.advance({ ...step, durable: false })
    return durable.reach(head).then(() => {
      this.#listener?.durable(head)
      return outcomes
    })
  }

  ingest(part: Ingest): Awaitable<void> {
    const { durable, writes } = this.#open
    durable?.check()
    onDatabase("taking over changes", () => writes.ingest(part))
    this.#head = part.to
    this.#told = part.to
    return durable?.reach(part.to)
  }

  row(kind: string, key: string, at?: number): Row | undefined {
    return onDatabase("reading an entry", () => this.#reads.row(kind, key, at))
  }

  scan(kind: string, range: Range): readonly Row[] {
    return onDatabase("reading entries", () => this.#reads.scan(kind, range))
  }

  count(kind: string, moment: Moment): number {
    return onDatabase("counting", () => this.#reads.count(kind, moment))
  }

  kinds(moment: Moment): readonly string[] {
    return onDatabase("reading the kinds", () => this.#reads.kinds(moment))
  }

  snapshot(kinds?: readonly string[]): Snapshot {
    return onDatabase("taking a snapshot", () => {
      const rows = (kinds ?? this.#reads.allKinds()).flatMap((kind) =>
        this.#reads.scan(kind, { limit: Number.POSITIVE_INFINITY }),
      )
      return { seq: this.#head, rows }
    })
  }

  expiring(limit: number): readonly Row[] {
    return onDatabase("reading what will end", () => this.#reads.expiring(limit))
  }

  changes(after: number, limit: number): readonly Change[] {
    return onDatabase("reading changes", () => this.#reads.changes(after, limit))
  }

  since(after: number, limit: number): readonly Row[] {
    return onDatabase("reading what changed", () => this.#reads.since(after, limit))
  }

  history(kind: string, key: string, limit: number): readonly Change[] {
    return onDatabase("reading a history", () => this.#reads.history(kind, key, limit))
  }

  prune(retention: Retention): Pruned {
    return onDatabase("pruning", () => this.#open.pruning.step(retention))
  }

  check(): CheckReport {
    return onDatabase("checking", () => checkTables(this.#open.connection))
  }

  backup(path: string): void {
    onDatabase("copying the database", () => {
      this.#open.connection.prepare("VACUUM INTO ?").run(path)
    })
  }

  close(): Awaitable<void> {
    const opened = this.#opened
    if (opened === undefined) return
    this.#opened = undefined
    const { connection, durable } = opened
    if (durable === undefined) connection.close()
    else return durable.close().then(() => void connection.close())
  }

  get #reads(): SqliteReads {
    return this.#open.reads
  }

  get #open(): Opened {
    if (this.#opened === undefined) throw new Error(`The engine ${this.name} is not open`)
    return this.#opened
  }

  #connectAndPrepare(context: EngineContext): Position {
    const connection = this.#connect()
    try {
      return this.#prepare(connection, context)
    } catch (error) {
      connection.close()
      throw error
    }
  }

  #prepare(connection: SqliteConnection, { equal }: EngineContext): Position {
    // An exclusive lock must be asked for before anything else, or WAL wants shared memory.
    if (this.#exclusive) connection.exec("PRAGMA locking_mode = exclusive")
    connection.exec("PRAGMA synchronous = FULL") // New tables must last, whatever the durability.
    prepareTables(connection)
    connection.exec("PRAGMA journal_mode = WAL")
    const reads = new SqliteReads(connection)
    const writes = new SqliteWrites(connection, reads, equal)
    const pruning = new SqlitePruning(connection)
    const { epoch, head } = readMeta(connection)
    this.#told = head
    this.#head = reads.head(head)
    const file = this.durability === "full" ? this.#openFile?.() : undefined
    // Without a file to sync, SQLite has to wait for the disk in each commit.
    const waits = this.durability === "full" && file === undefined
    connection.exec(`PRAGMA synchronous = ${waits ? "FULL" : "NORMAL"}`)
    const durable = file && new Durable(file, this.#head)
    this.#opened = { connection, reads, writes, pruning, durable }
    return { epoch, head: this.#head }
  }
}

/** What there is while the database is open. */
interface Opened {
  readonly connection: SqliteConnection
  readonly reads: SqliteReads
  readonly writes: SqliteWrites
  readonly pruning: SqlitePruning
  /** Commits reach the disk off the event loop; `undefined` where SQLite does it, or nobody. */
  readonly durable: Durable | undefined
}
