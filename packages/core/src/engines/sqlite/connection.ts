/** What SQLite can be given and gives back here. */
export type SqliteValue = string | number | null | Uint8Array

/**
 * A connection to one SQLite database, as far as the engine needs it. better-sqlite3 and
 * node:sqlite fit as they are; others take a few lines. Calls are synchronous and throw what
 * the driver throws.
 */
export interface SqliteConnection {
  /** Runs statements without parameters or results. */
  exec(sql: string): unknown
  prepare(sql: string): SqliteStatement
  close(): unknown
}

/** A prepared statement. Rows are objects by column name, blobs are `Uint8Array` or a kind of it. */
export interface SqliteStatement {
  run(...parameters: SqliteValue[]): unknown
  get(...parameters: SqliteValue[]): unknown
  all(...parameters: SqliteValue[]): unknown[]
}
