import type { Awaitable } from "../../awaitable.ts"
import type { Engine } from "../../engine.ts"
import type { SqliteConnection } from "./connection.ts"
import type { DatabaseFile } from "./database-file.ts"

/** How hard a write must have arrived before it is acknowledged. */
export type Durability = "full" | "process"

/** How far the making of a declared index has come. */
export interface IndexingProgress {
  /** The kind; those of the same name in scopes are in its indexes too. */
  readonly kind: string
  readonly fields: readonly string[]
  /** How many entries have their places. */
  readonly placed: number
  /** How many there were when it began. */
  readonly entries: number
}

export interface SqliteEngineOptions {
  /** What the driver is called. */
  readonly name: string
  readonly storage: Engine["storage"]
  /** `"full"` (default): survives a power cut. `"process"`: survives the end of the process, and is faster. */
  readonly durability?: Durability
  /** How long to wait for other processes that are in the way, in milliseconds. Default 0. */
  readonly busyTimeout?: number
  /** For a connection that has its database for itself, as on OPFS. Default: shared by processes. */
  readonly exclusive?: boolean
  /**
   * How long to wait between two looks for what other processes have committed, in milliseconds.
   * Default `false`: nobody else has the database open, or their commits show with the next own one.
   */
  readonly pollInterval?: number | false
  /**
   * The file behind the connection, asked for once that is open. With it a commit at `"full"`
   * reaches the disk off the event loop; without it SQLite waits for the disk itself. It also
   * gives hints of what other processes do, and tells when it was replaced.
   */
  readonly file?: () => DatabaseFile
  /**
   * Hears how far a declared index is that is made now: opening waits for it. Called after each few
   * thousand entries, which last. What it throws is reported, and stops nothing.
   */
  readonly onIndexing?: (progress: IndexingProgress) => void
  /**
   * Opens a second connection to the same database, for a `copy` in small steps: through the first
   * one it would begin anew whenever another process commits. Default: the first one is used.
   */
  readonly reader?: () => SqliteConnection
  /** Copies the database of a connection to a new file. Default: SQLite does, in one go. */
  readonly copy?: (connection: SqliteConnection, path: string) => Awaitable<void>
  /**
   * Moves the damaged database out of the way that was opened last, and gives its new path;
   * `undefined` where another one stands in its place already. Default: the error is thrown.
   */
  readonly quarantine?: () => string | undefined
}
