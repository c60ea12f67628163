import type { EngineContext } from "../../engine.ts"
import type { SqliteConnection } from "./connection.ts"
import type { DatabaseFile } from "./database-file.ts"
import { Durable } from "./durable.ts"
import { SqlitePruning } from "./prune.ts"
import { SqliteReads } from "./read.ts"
import { prepareTables, readMeta } from "./tables.ts"
import { SqliteWrites } from "./write.ts"

/** A database that is open, with everything prepared that is asked of it. */
export interface Database {
  readonly connection: SqliteConnection
  readonly reads: SqliteReads
  readonly writes: SqliteWrites
  readonly pruning: SqlitePruning
  /** Commits reach the disk off the event loop; `undefined` where SQLite does it, or nobody. */
  readonly durable: Durable | undefined
  /** What it is when it is opened. */
  readonly found: { readonly epoch: string; readonly head: number; readonly told: number }
}

/** How a database is opened. */
export interface DatabaseSettings {
  connect(): SqliteConnection
  /** Whether the connection has its database for itself. */
  readonly exclusive: boolean
  /** Whether each commit has to reach the disk. */
  readonly full: boolean
  /** The file behind the connection, where commits can be synced off the event loop. */
  readonly file: (() => DatabaseFile) | undefined
}

/** Opens a database, and makes its tables where there are none. A throw leaves it closed. */
export function openDatabase(settings: DatabaseSettings, context: EngineContext): Database {
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
  { exclusive, full, file: openFile }: DatabaseSettings,
  { equal }: EngineContext,
): Database {
  // An exclusive lock must be asked for before anything else, or WAL wants shared memory.
  if (exclusive) connection.exec("PRAGMA locking_mode = exclusive")
  connection.exec("PRAGMA synchronous = FULL") // New tables must last, whatever the durability.
  prepareTables(connection)
  connection.exec("PRAGMA journal_mode = WAL")
  const reads = new SqliteReads(connection)
  const writes = new SqliteWrites(connection, reads, equal)
  const pruning = new SqlitePruning(connection)
  const { epoch, head: told } = readMeta(connection)
  const head = reads.head(told)
  const file = full ? openFile?.() : undefined
  // Without a file to sync, SQLite has to wait for the disk in each commit.
  connection.exec(`PRAGMA synchronous = ${full && file === undefined ? "FULL" : "NORMAL"}`)
  const durable = file && new Durable(file, head)
  return { connection, reads, writes, pruning, durable, found: { epoch, head, told } }
}
