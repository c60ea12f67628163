export type { SqliteConnection, SqliteStatement, SqliteValue } from "./engines/sqlite/connection.ts"
export type { DatabaseFile } from "./engines/sqlite/database-file.ts"
export { SqliteEngine } from "./engines/sqlite/engine.ts"
export type { Durability, IndexingProgress, SqliteEngineOptions } from "./engines/sqlite/options.ts"
