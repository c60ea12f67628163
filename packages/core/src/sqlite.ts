export type { SqliteConnection, SqliteStatement, SqliteValue } from "./engines/sqlite/connection.ts"
export { type Durability, SqliteEngine, type SqliteEngineOptions } from "./engines/sqlite/engine.ts"
