import { loadDriver } from "./engines/files/driver.ts"
import { type FileDriver, fileEngine, type SqliteFileOptions } from "./engines/files/file-engine.ts"
import { type Restored, type RestoreOptions, restoreFile } from "./engines/files/restore.ts"
import type { SqliteConnection, SqliteStatement, SqliteValue } from "./engines/sqlite/connection.ts"
import type { SqliteEngine } from "./engines/sqlite/engine.ts"
import type { Kinds } from "./kinds.ts"
import { openStoreAtOnce } from "./open.ts"
import type { Store } from "./store.ts"
import type { StoreOptions } from "./store-options.ts"

export type { SqliteFileOptions } from "./engines/files/file-engine.ts"

/**
 * Opens a store in a file, through the SQLite that Bun brings: nothing to install.
 *
 * @example
 * const store = openStore({ path: "app.db", kinds })
 * @throws StoreError `unsupported` (an older SQLite), `storage_unavailable` (not in Bun, no folder),
 * `corrupt`, `foreign_schema`, `schema_too_new`, `read_only`, `busy`; the file stays as it was.
 */
export function openStore<K extends Kinds = Kinds>(
  options: SqliteFileOptions & StoreOptions<K>,
): Store<K> {
  return openStoreAtOnce(bunSqliteEngine(options), options)
}

/** The engine alone, for a replica that keeps its base in a file. */
export function bunSqliteEngine(options: SqliteFileOptions): SqliteEngine {
  return fileEngine(driver(), options)
}

/** Puts a backup in the place of a database; see `RestoreOptions`. */
export function restoreBackup(options: RestoreOptions): Promise<Restored> {
  return restoreFile(options, (path) => driver().connect(path))
}

function driver(): FileDriver {
  const { Database } = loadDriver<BunSqlite>("bun:sqlite", MISSING)
  return {
    name: "bun:sqlite",
    connect(path) {
      const database = new Database(path)
      database.exec("PRAGMA busy_timeout = 0")
      return new BunConnection(database)
    },
  }
}

/** The module `bun:sqlite`, as far as it is used here. */
interface BunSqlite {
  readonly Database: new (path: string) => BunDatabase
}

interface BunDatabase {
  exec(sql: string): unknown
  prepare(sql: string): BunStatement
  close(): unknown
}

interface BunStatement extends SqliteStatement {
  finalize(): void
}

const MISSING =
  "Run it in Bun, or use @tidemark/core/node-sqlite or @tidemark/core/better-sqlite3 in Node"

class BunConnection implements SqliteConnection {
  readonly #database: BunDatabase
  /** By their texts: each is prepared once, however often it is asked for. */
  readonly #statements = new Map<string, BunStatement>()

  constructor(database: BunDatabase) {
    this.#database = database
  }

  exec(sql: string): void {
    this.#database.exec(sql)
  }

  prepare(sql: string): SqliteStatement {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return new Statement(statement)
  }

  /** A statement that lives on would keep the file open, and its `-wal` with it. */
  close(): void {
    for (const statement of this.#statements.values()) statement.finalize()
    this.#database.close()
  }
}

class Statement implements SqliteStatement {
  readonly #statement: BunStatement

  constructor(statement: BunStatement) {
    this.#statement = statement
  }

  run(...parameters: SqliteValue[]): unknown {
    return this.#statement.run(...parameters)
  }

  /** Where there is no row, Bun says null. */
  get(...parameters: SqliteValue[]): unknown {
    return this.#statement.get(...parameters) ?? undefined
  }

  all(...parameters: SqliteValue[]): unknown[] {
    return this.#statement.all(...parameters)
  }
}
