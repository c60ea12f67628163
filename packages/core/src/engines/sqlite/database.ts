import type { EngineContext, Position, Quarantined } from "../../engine.ts"
import { StoreError } from "../../errors.ts"
import type { SqliteConnection } from "./connection.ts"
import type { DatabaseFile } from "./database-file.ts"
import { declareIndexes } from "./declare.ts"
import { Durable } from "./durable.ts"
import { onDatabase } from "./faults.ts"
import { SqliteIndexes } from "./indexes.ts"
import type { IndexingProgress } from "./options.ts"
import { whileBusy } from "./patience.ts"
import { SqlitePruning } from "./prune.ts"
import { SqliteReads } from "./read.ts"
import { SqliteSeeking } from "./seek.ts"
import { prepareTables } from "./tables.ts"
import { SqliteUsage } from "./usage.ts"
import { SqliteWrites } from "./write.ts"

/** A database that is open, with everything prepared that is asked of it. */
export interface Database {
  readonly connection: SqliteConnection
  readonly reads: SqliteReads
  readonly usage: SqliteUsage
  readonly writes: SqliteWrites
  readonly indexes: SqliteIndexes
  readonly seeking: SqliteSeeking
  readonly pruning: SqlitePruning
  readonly file: DatabaseFile | undefined
  /** Commits reach the disk off the event loop; `undefined` where SQLite does it, or nobody. */
  readonly durable: Durable | undefined
  /** What it is when it is opened. */
  readonly found: Position
}

/** How a database is opened. */
export interface DatabaseSettings {
  connect(): SqliteConnection
  /** How long to wait for others, in milliseconds. */
  readonly busyTimeout: number
  /** Whether the connection has its database for itself. */
  readonly exclusive: boolean
  /** Whether each commit has to reach the disk. */
  readonly full: boolean
  /** The file behind the connection, where the system is needed besides SQLite. */
  readonly file: (() => DatabaseFile) | undefined
  /** Moves a damaged database out of the way; gives its new path, or `undefined` where others have. */
  readonly quarantine: (() => string | undefined) | undefined
  /** Hears how far an index is that is made now. */
  readonly onIndexing: ((progress: IndexingProgress) => void) | undefined
}

/**
 * Opens a database, and makes its tables where there are none; a damaged one is moved aside
 * first, where that is asked for. A throw leaves it closed.
 */
export function openDatabase(
  settings: DatabaseSettings,
  context: EngineContext,
): { database: Database; quarantined?: Quarantined } {
  const open = () =>
    whileBusy(settings.busyTimeout, () =>
      onDatabase("opening the database", () => connectTo(settings, context)),
    )
  try {
    return { database: open() }
  } catch (error) {
    if (settings.quarantine === undefined || !StoreError.is(error, "corrupt")) throw error
    const path = settings.quarantine()
    const database = open()
    return path === undefined ? { database } : { database, quarantined: { path, error } }
  }
}

function connectTo(settings: DatabaseSettings, context: EngineContext): Database {
  const connection = settings.connect()
  try {
    return prepare(connection, settings, context)
  } catch (error) {
    connection.close()
    throw error
  }
}

function prepare(
  connection: SqliteConnection,
  { exclusive, full, file: openFile, onIndexing }: DatabaseSettings,
  context: EngineContext,
): Database {
  // An exclusive lock must be asked for before anything else, or WAL wants shared memory.
  if (exclusive) connection.exec("PRAGMA locking_mode = exclusive")
  connection.exec("PRAGMA synchronous = FULL") // New tables must last, whatever the durability.
  prepareTables(connection)
  connection.exec("PRAGMA journal_mode = WAL")
  const reads = new SqliteReads(connection)
  const indexes = new SqliteIndexes(connection, context)
  const usage = new SqliteUsage(connection, reads)
  const writes = new SqliteWrites(connection, reads, { indexes, usage }, context)
  const seeking = new SqliteSeeking(connection, reads, indexes, context.read)
  const pruning = new SqlitePruning(connection)
  const found = reads.place()
  declareIndexes({ connection, reads, indexes, context, onIndexing })
  const file = openFile?.()
  // Without a file to sync, SQLite has to wait for the disk in each commit.
  connection.exec(`PRAGMA synchronous = ${full && file === undefined ? "FULL" : "NORMAL"}`)
  try {
    const durable = full && file !== undefined ? new Durable(file, found.head) : undefined
    return { connection, reads, usage, writes, indexes, seeking, pruning, file, durable, found }
  } catch (error) {
    file?.close()
    throw error
  }
}
