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
  #opened:
    | {
        readonly connection: SqliteConnection
        readonly reads: SqliteReads
        readonly writes: SqliteWrites
        readonly pruning: SqlitePruning
      }
    | undefined
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
  }

  open(listener: EngineListener, context: EngineContext): Position {
    this.#listener = listener
    return whileBusy(this.#busyTimeout, () =>
      onDatabase("opening the database", () => this.#connectAndPrepare(context)),
    )
  }

  commit(batches: readonly StampedBatch[]): readonly Outcome[] {
    const { head, changes, outcomes } = onDatabase("committing", () =>
      this.#writes.commit(batches, this.#head, this.#told),
    )
    this.#head = head
    this.#listener?.advance({ to: head, changes, settled: batches.map((batch) => batch.id) })
    return outcomes
  }

  ingest(part: Ingest): void {
    onDatabase("taking over changes", () => this.#writes.ingest(part))
    this.#head = part.to
    this.#told = part.to
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

  close(): void {
    this.#opened?.connection.close()
    this.#opened = undefined
  }

  get #reads(): SqliteReads {
    return this.#open.reads
  }

  get #writes(): SqliteWrites {
    return this.#open.writes
  }

  get #open() {
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
    prepareTables(connection)
    connection.exec("PRAGMA journal_mode = WAL")
    connection.exec(`PRAGMA synchronous = ${this.durability === "full" ? "FULL" : "NORMAL"}`)
    const reads = new SqliteReads(connection)
    this.#opened = {
      connection,
      reads,
      writes: new SqliteWrites(connection, reads, equal),
      pruning: new SqlitePruning(connection),
    }
    const { epoch, head } = readMeta(connection)
    this.#told = head
    this.#head = reads.head(head)
    return { epoch, head: this.#head }
  }
}
