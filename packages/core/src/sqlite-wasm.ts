import type { SqliteConnection, SqliteStatement, SqliteValue } from "./engines/sqlite/connection.ts"
import { SqliteEngine } from "./engines/sqlite/engine.ts"
import type { SqliteEngineOptions } from "./engines/sqlite/options.ts"

/** A database of `@sqlite.org/sqlite-wasm` (the oo1 API), as far as it is used here. */
export interface WasmDatabase {
  exec(sql: string): unknown
  prepare(sql: string): WasmStatement
  close(): unknown
}

/** A statement of the oo1 API. */
export interface WasmStatement {
  bind(values: readonly SqliteValue[]): unknown
  step(): boolean
  get(row: Record<string, never>): unknown
  reset(alsoClearBinds?: boolean): unknown
  finalize(): unknown
}

/**
 * The engine on sqlite-wasm. Opened on OPFS, in a dedicated worker, it keeps its database for
 * itself: WAL in one exclusive connection, which was the fastest safe mode measured.
 *
 * @example
 * const pool = await sqlite3.installOpfsSAHPoolVfs()
 * const engine = sqliteWasmEngine(() => new pool.OpfsSAHPoolDb("/app.db"), { storage: "opfs" })
 */
export function sqliteWasmEngine(
  connect: () => WasmDatabase,
  options: Pick<SqliteEngineOptions, "storage" | "durability" | "onIndexing">,
): SqliteEngine {
  return new SqliteEngine(() => new WasmConnection(connect()), {
    ...options,
    name: "sqlite-wasm",
    exclusive: true,
  })
}

class WasmConnection implements SqliteConnection {
  readonly #database: WasmDatabase
  readonly #statements: Statement[] = []

  constructor(database: WasmDatabase) {
    this.#database = database
  }

  exec(sql: string): void {
    this.#database.exec(sql)
  }

  prepare(sql: string): SqliteStatement {
    const statement = new Statement(this.#database.prepare(sql))
    this.#statements.push(statement)
    return statement
  }

  close(): void {
    for (const statement of this.#statements) statement.finalize()
    this.#database.close()
  }
}

class Statement implements SqliteStatement {
  readonly #statement: WasmStatement

  constructor(statement: WasmStatement) {
    this.#statement = statement
  }

  run(...parameters: SqliteValue[]): void {
    this.all(...parameters)
  }

  get(...parameters: SqliteValue[]): unknown {
    return this.#read(parameters, 1)[0]
  }

  all(...parameters: SqliteValue[]): unknown[] {
    return this.#read(parameters, Number.POSITIVE_INFINITY)
  }

  finalize(): void {
    this.#statement.finalize()
  }

  #read(parameters: readonly SqliteValue[], limit: number): unknown[] {
    const rows: unknown[] = []
    try {
      if (parameters.length > 0) this.#statement.bind(parameters)
      while (rows.length < limit && this.#statement.step()) rows.push(this.#statement.get({}))
    } finally {
      this.#statement.reset()
    }
    return rows
  }
}
