import { loadDriver } from "./engines/files/driver.ts"
import { type FileDriver, fileEngine, type SqliteFileOptions } from "./engines/files/file-engine.ts"
import { type Restored, type RestoreOptions, restoreFile } from "./engines/files/restore.ts"
import type { SqliteConnection } from "./engines/sqlite/connection.ts"
import type { SqliteEngine } from "./engines/sqlite/engine.ts"
import type { Kinds } from "./kinds.ts"
import { openStoreAtOnce } from "./open.ts"
import type { Store } from "./store.ts"
import type { StoreOptions } from "./store-options.ts"

export type { SqliteFileOptions } from "./engines/files/file-engine.ts"

/**
 * Opens a store in a file, through the SQLite that Node brings: nothing to install. Node 22.22.3,
 * 24.15.0 or newer; older ones bring an SQLite that can corrupt a database.
 *
 * @example
 * const store = openStore({ path: "app.db", kinds })
 * @throws StoreError `unsupported` (an older Node), `storage_unavailable` (no folder), `corrupt`,
 * `foreign_schema`, `schema_too_new`, `read_only`, `busy`; the file stays as it was.
 */
export function openStore<K extends Kinds = Kinds>(
  options: SqliteFileOptions & StoreOptions<K>,
): Store<K> {
  return openStoreAtOnce(nodeSqliteEngine(options), options)
}

/** The engine alone, for a replica that keeps its base in a file. */
export function nodeSqliteEngine(options: SqliteFileOptions): SqliteEngine {
  return fileEngine(driver(), options)
}

/** Puts a backup in the place of a database; see `RestoreOptions`. */
export function restoreBackup(options: RestoreOptions): Promise<Restored> {
  return restoreFile(options, (path) => driver().connect(path))
}

function driver(): FileDriver {
  const { DatabaseSync, backup } = loadDriver<NodeSqlite>("node:sqlite", MISSING)
  return {
    name: "node:sqlite",
    connect: (path) => new DatabaseSync(path, { timeout: 0 }),
    copy: (connection, path) => backup(connection, path),
  }
}

/** The module `node:sqlite`, as far as it is used here. */
interface NodeSqlite {
  readonly DatabaseSync: new (path: string, options: { timeout: number }) => SqliteConnection
  backup(connection: SqliteConnection, path: string): Promise<unknown>
}

const MISSING =
  "Run it on Node 22.22.3, 24.15.0 or newer, or use @tidemark/core/better-sqlite3 or @tidemark/core/bun-sqlite"
