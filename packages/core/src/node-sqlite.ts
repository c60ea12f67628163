import type { SqliteConnection } from "./engines/sqlite/connection.ts"
import { loadDriver } from "./engines/sqlite/driver.ts"
import type { SqliteEngine } from "./engines/sqlite/engine.ts"
import { fileEngine, type SqliteFileOptions } from "./engines/sqlite/file-engine.ts"
import type { Kinds } from "./kinds.ts"
import { openStoreAtOnce } from "./open.ts"
import type { Store, StoreOptions } from "./store.ts"

export type { SqliteFileOptions } from "./engines/sqlite/file-engine.ts"

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
  const { DatabaseSync } = loadDriver<NodeSqlite>("node:sqlite", MISSING)
  return fileEngine("node:sqlite", options, (path) => new DatabaseSync(path, { timeout: 0 }))
}

/** The module `node:sqlite`, as far as it is used here. */
interface NodeSqlite {
  readonly DatabaseSync: new (path: string, options: { timeout: number }) => SqliteConnection
}

const MISSING =
  "Run it on Node 22.22.3, 24.15.0 or newer, or use @tidemark/core/better-sqlite3 or @tidemark/core/bun-sqlite"
