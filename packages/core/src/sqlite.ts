export type { SqliteConnection, SqliteStatement, SqliteValue } from "./engines/sqlite/connection.ts"
export type { DatabaseFile } from "./engines/sqlite/database-file.ts"
export { type Durability, SqliteEngine, type SqliteEngineOptions } from "./engines/sqlite/engine.ts"
