import type { Store } from "@tidemark/core"
import { openStoreAtOnce } from "@tidemark/core/engine"
import {
  type DatabaseFile,
  type SqliteConnection,
  SqliteEngine,
  type SqliteStatement,
} from "@tidemark/core/sqlite"
import { TestClock } from "@tidemark/core/testing"
import Database from "better-sqlite3"

/** A connection on which the n-th call from now on fails, as on a full disk. */
export class Failing implements SqliteConnection {
  readonly #database: Database.Database
  #callsLeft = Number.POSITIVE_INFINITY
  #broken = false

  constructor(path = ":memory:") {
    this.#database = new Database(path, { timeout: 0 })
  }

  /** Lets so many calls pass, and then one fail. */
  failAfter(calls: number): void {
    this.#callsLeft = calls
  }

  /** Lets every call fail, or none. */
  set broken(broken: boolean) {
    this.#broken = broken
  }

  /** Whether the failure is still to come. */
  get armed(): boolean {
    return Number.isFinite(this.#callsLeft)
  }

  exec(sql: string): unknown {
    // A disk that is full can still roll back.
    if (sql !== "ROLLBACK") this.#count()
    return this.#database.exec(sql)
  }

  prepare(sql: string): SqliteStatement {
    const statement = this.#database.prepare(sql)
    const counted =
      <R>(call: (...parameters: unknown[]) => R) =>
      (...parameters: unknown[]): R => {
        this.#count()
        return call.apply(statement, parameters)
      }
    return {
      run: counted(statement.run),
      get: counted(statement.get),
      all: counted(statement.all),
    }
  }

  close(): void {
    this.#database.close()
  }

  #count(): void {
    if (!this.#broken && this.#callsLeft-- > 0) return
    this.#callsLeft = Number.POSITIVE_INFINITY
    throw Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" })
  }
}

/** A file whose n-th sync from now on fails, and those before it succeed in their own time. */
export class FailingFile implements DatabaseFile {
  #syncsLeft = Number.POSITIVE_INFINITY
  #broken = false

  failAfter(syncs: number): void {
    this.#syncsLeft = syncs
  }

  /** Lets every sync fail, or none. */
  set broken(broken: boolean) {
    this.#broken = broken
  }

  get armed(): boolean {
    return Number.isFinite(this.#syncsLeft)
  }

  syncAtOnce(): void {}

  async sync(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    if (!this.#broken && this.#syncsLeft-- > 0) return
    this.#syncsLeft = Number.POSITIVE_INFINITY
    throw new Error("EIO: i/o error, fdatasync")
  }

  watch(): () => void {
    return () => {}
  }

  isReplaced(): boolean {
    return false
  }

  close(): void {}
}

/** A store whose calls and syncs can fail, by a clock that stands still. */
export interface Fragile {
  readonly path: string
  readonly store: Store
  readonly connection: Failing
  readonly file: FailingFile
  readonly clock: TestClock
  /** What went to `onError`. */
  readonly reported: readonly unknown[]
}

export function openFragile(path: string): Fragile {
  const connection = new Failing(path)
  const file = new FailingFile()
  const clock = new TestClock()
  const reported: unknown[] = []
  const engine = new SqliteEngine(() => connection, {
    name: "fragile",
    storage: "file",
    file: () => file,
  })
  const store = openStoreAtOnce(engine, { clock, onError: (error) => reported.push(error) })
  return { path, store, connection, file, clock, reported }
}
