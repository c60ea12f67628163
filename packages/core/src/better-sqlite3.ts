import { loadDriver } from "./engines/files/driver.ts"
import { type FileDriver, fileEngine, type SqliteFileOptions } from "./engines/files/file-engine.ts"
import { type Restored, type RestoreOptions, restoreFile } from "./engines/files/restore.ts"
import type { SqliteConnection } from "./engines/sqlite/connection.ts"
import type { SqliteEngine } from "./engines/sqlite/engine.ts"
import type { Kinds } from "./kinds.ts"
import { openStoreAtOnce } from "./open.ts"
import type { Store } from "./store.ts"
import type { StoreOptions } from "./store-options.ts"

/** The class that the package better-sqlite3 exports, as far as it is used here. */
export type BetterSqlite3 = new (path: string, options: { timeout: number }) => BetterConnection

interface BetterConnection extends SqliteConnection {
  backup(path: string): Promise<unknown>
}

export interface BetterSqlite3Options extends SqliteFileOptions {
  /** The driver, where the package better-sqlite3 cannot be found from here, as in a bundle. */
  readonly driver?: BetterSqlite3
}

/**
 * Opens a store in a file, through better-sqlite3.
 *
 * @example
 * const store = openStore({ path: "app.db", kinds })
 * @throws StoreError `storage_unavailable` (no driver, no folder), `corrupt`, `foreign_schema`,
 * `schema_too_new`, `read_only`, `busy`; the file stays as it was.
 */
export function openStore<K extends Kinds = Kinds>(
  options: BetterSqlite3Options & StoreOptions<K>,
): Store<K> {
  return openStoreAtOnce(betterSqlite3Engine(options), options)
}

/** The engine alone, for a replica that keeps its base in a file. */
export function betterSqlite3Engine(options: BetterSqlite3Options): SqliteEngine {
  return fileEngine(driverOf(options ?? {}), options)
}

/** Puts a backup in the place of a database; see `RestoreOptions`. */
export function restoreBackup(
  options: RestoreOptions & Pick<BetterSqlite3Options, "driver">,
): Promise<Restored> {
  return restoreFile(options, (path) => driverOf(options).connect(path))
}

function driverOf({ driver }: Pick<BetterSqlite3Options, "driver">): FileDriver<BetterConnection> {
  const Database = driver ?? loadDriver<BetterSqlite3>("better-sqlite3", MISSING)
  return {
    name: "better-sqlite3",
    connect: (path) => new Database(path, { timeout: 0 }),
    copy: (connection, path) => connection.backup(path),
  }
}

const MISSING = 'Install it (npm install better-sqlite3), or pass it as the option "driver"'
