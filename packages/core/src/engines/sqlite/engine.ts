import type { StampedBatch } from "../../batch.ts"
import type { Change } from "../../change.ts"
import type {
  Engine,
  EngineListener,
  Ingest,
  Outcome,
  Position,
  Range,
  Snapshot,
} from "../../engine.ts"
import type { Row } from "../../entry.ts"
import type { SqliteConnection } from "./connection.ts"
import { onDatabase } from "./faults.ts"
import { whileBusy } from "./patience.ts"
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
  #opened: { connection: SqliteConnection; reads: SqliteReads; writes: SqliteWrites } | undefined
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

  open(listener: EngineListener): Position {
    this.#listener = listener
    return whileBusy(this.#busyTimeout, () =>
      onDatabase("opening the database", () => this.#connectAndPrepare()),
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

  row(kind: string, key: string): Row | undefined {
    return onDatabase("reading an entry", () => this.#reads.row(kind, key))
  }

  scan(kind: string, range: Range): readonly Row[] {
    return onDatabase("reading entries", () => this.#reads.scan(kind, range))
  }

  count(kind: string): number {
    return onDatabase("counting", () => this.#reads.count(kind))
  }

  kinds(): readonly string[] {
    return onDatabase("reading the kinds", () => this.#reads.kinds())
  }

  snapshot(kinds?: readonly string[]): Snapshot {
    return onDatabase("taking a snapshot", () => {
      const rows = (kinds ?? this.#reads.kinds()).flatMap((kind) =>
        this.#reads.scan(kind, { limit: Number.POSITIVE_INFINITY }),
      )
      return { seq: this.#head, rows }
    })
  }

  changes(after: number, limit: number): readonly Change[] {
    return onDatabase("reading changes", () => this.#reads.changes(after, limit))
  }

  history(kind: string, key: string, limit: number): readonly Change[] {
    return onDatabase("reading a history", () => this.#reads.history(kind, key, limit))
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

  #connectAndPrepare(): Position {
    const connection = this.#connect()
    try {
      return this.#prepare(connection)
    } catch (error) {
      connection.close()
      throw error
    }
  }

  #prepare(connection: SqliteConnection): Position {
    // An exclusive lock must be asked for before anything else, or WAL wants shared memory.
    if (this.#exclusive) connection.exec("PRAGMA locking_mode = exclusive")
    prepareTables(connection)
    connection.exec("PRAGMA journal_mode = WAL")
    connection.exec(`PRAGMA synchronous = ${this.durability === "full" ? "FULL" : "NORMAL"}`)
    const reads = new SqliteReads(connection)
    this.#opened = { connection, reads, writes: new SqliteWrites(connection, reads) }
    const { epoch, head } = readMeta(connection)
    this.#told = head
    this.#head = reads.head(head)
    return { epoch, head: this.#head }
  }
}
