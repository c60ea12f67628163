import { resolve } from "node:path"
import { StoreError } from "../../errors.ts"
import type { SqliteConnection } from "./connection.ts"
import { SqliteEngine } from "./engine.ts"
import { checkFile } from "./file.ts"
import { nodeFile } from "./node-file.ts"
import type { Durability } from "./options.ts"

/** What every driver that opens files is told. */
export interface SqliteFileOptions {
  /** The file, or `":memory:"`. Its folder must exist. */
  readonly path: string
  /** Default `"full"`: an acknowledged write survives a power cut. */
  readonly durability?: Durability
  /**
   * How long a write waits for another process that writes, in milliseconds, before it is `busy`.
   * The event loop goes on meanwhile, except in opening. Default 5000.
   */
  readonly busyTimeout?: number
}

/**
 * Opens a database at an absolute path or `":memory:"`. SQLite must not wait for others by
 * itself: it would stop the event loop for as long.
 */
type Connect = (path: string) => SqliteConnection

/**
 * The engine on a file or in memory, through a driver that `connect` knows.
 *
 * @throws StoreError `invalid_value` for a `busyTimeout` that is no number of milliseconds.
 */
export function fileEngine(
  name: string,
  options: SqliteFileOptions,
  connect: Connect,
): SqliteEngine {
  const { path, durability, busyTimeout = 5_000 } = options
  checkTimeout(busyTimeout)
  const inMemory = path === ":memory:" || path === ""
  // Absolute: SQLite takes a name that begins with "file:" for an address.
  const file = resolve(path)
  const open = () => {
    if (inMemory) return connect(":memory:")
    checkFile(file)
    return connect(file)
  }
  return new SqliteEngine(open, {
    name,
    storage: inMemory ? "memory" : "file",
    busyTimeout,
    ...(inMemory ? {} : { file: () => nodeFile(file) }),
    ...(durability === undefined ? {} : { durability }),
  })
}

/** The longest is what a timer can take. */
function checkTimeout(busyTimeout: number): void {
  if (Number.isInteger(busyTimeout) && busyTimeout >= 0 && busyTimeout < 2 ** 31) return
  throw new StoreError("invalid_value", `${busyTimeout} is no busyTimeout`, {
    details: { busyTimeout },
    hint: "Give a whole number of milliseconds, 0 or more",
  })
}
