import type { SqliteConnection } from "./engines/sqlite/connection.ts"
import { loadDriver } from "./engines/sqlite/driver.ts"
import { type Durability, SqliteEngine } from "./engines/sqlite/engine.ts"
import { checkFile } from "./engines/sqlite/file.ts"
import type { Kinds } from "./kinds.ts"
import { openStoreAtOnce } from "./open.ts"
import type { Store, StoreOptions } from "./store.ts"

/** The class that the package better-sqlite3 exports, as far as it is used here. */
export type BetterSqlite3 = new (path: string, options: { timeout: number }) => SqliteConnection

export interface BetterSqlite3Options {
  /** The file, or `":memory:"`. Its folder must exist. */
  readonly path: string
  /** Default `"full"`: an acknowledged write survives a power cut. */
  readonly durability?: Durability
  /** How long to wait for another process that writes, in milliseconds. Default 5000. */
  readonly busyTimeout?: number
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
  const { path, durability, busyTimeout = 5_000, driver } = options
  const Database = driver ?? loadDriver<BetterSqlite3>("better-sqlite3")
  const inMemory = path === ":memory:" || path === ""
  const connect = () => {
    if (!inMemory) checkFile(path)
    return new Database(path, { timeout: busyTimeout })
  }
  return new SqliteEngine(connect, {
    name: "better-sqlite3",
    storage: inMemory ? "memory" : "file",
    busyTimeout,
    ...(durability === undefined ? {} : { durability }),
  })
}
