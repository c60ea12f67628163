import type { Awaitable } from "../../awaitable.ts"
import { StoreError } from "../../errors.ts"
import { checkChoice, checkOptions, shown } from "../../options.ts"
import { STORE_OPTIONS } from "../../store-options.ts"
import type { SqliteConnection } from "../sqlite/connection.ts"
import { vacuumInto } from "../sqlite/copy.ts"
import { SqliteEngine } from "../sqlite/engine.ts"
import type { Durability, IndexingProgress } from "../sqlite/options.ts"
import { moveAside } from "./aside.ts"
import { checkFile } from "./file.ts"
import { identityOf, sizeOf } from "./identity.ts"
import { writeNewFile } from "./new-file.ts"
import { nodeFile } from "./node-file.ts"
import { realFile } from "./real-file.ts"
import { onSystem } from "./system-fault.ts"

/** What every driver that opens files is told. */
export interface SqliteFileOptions {
  /** The file, or a link to it, or `":memory:"`. Its folder must exist. */
  readonly path: string
  /** Default `"full"`: an acknowledged write survives a power cut. */
  readonly durability?: Durability
  /**
   * How long a write waits for another process that writes, in milliseconds, before it is `busy`.
   * The event loop goes on meanwhile, except in opening. Default 5000.
   */
  readonly busyTimeout?: number
  /**
   * How long to wait between two looks for what other processes have committed, in milliseconds;
   * 0 or `false`: never, so that their changes are told with the next write, or snapshot, of this
   * one. Default 25.
   */
  readonly pollInterval?: number | false
  /**
   * What opening does with a damaged file. `"throw"` (default): it throws `corrupt`. `"quarantine"`:
   * it moves the file aside, begins with an empty one, and says so in `status` and to `onError`.
   */
  readonly onCorrupt?: "throw" | "quarantine"
  /**
   * When opening looks through the whole file for damage. `"unclean"` (default): when it was not
   * closed properly, or is open elsewhere. The time grows with the file.
   */
  readonly checkAtOpen?: "always" | "unclean" | "never"
  /**
   * Hears how far a declared index is that is made now: opening waits for it. Called after each few
   * thousand entries, which last: who is stopped goes on there next time. What it throws is
   * reported, and stops nothing.
   */
  readonly onIndexing?: (progress: IndexingProgress) => void
}

/** What a driver of files knows. */
export interface FileDriver<C extends SqliteConnection = SqliteConnection> {
  readonly name: string
  /**
   * Opens a database at an absolute path or `":memory:"`. SQLite must not wait for others by
   * itself: it would stop the event loop for as long.
   */
  connect(path: string): C
  /** Copies a database to a new file in small steps. Without it SQLite does that in one go. */
  copy?(connection: C, path: string): Awaitable<unknown>
}

/**
 * The engine on a file or in memory, through a driver.
 *
 * @throws StoreError `invalid_value` for an option that there is not, or that cannot hold.
 */
export function fileEngine<C extends SqliteConnection>(
  { name, connect, copy }: FileDriver<C>,
  options: SqliteFileOptions,
): SqliteEngine {
  checkFileOptions(options)
  const { path, durability, busyTimeout = 5_000, onCorrupt, checkAtOpen = "unclean" } = options
  const { pollInterval = 25, onIndexing } = options
  const inMemory = path === ":memory:"
  // Absolute: SQLite takes a name that begins with "file:" for an address.
  const file = inMemory ? ":memory:" : realFile(path)
  let met: string | undefined
  const openFile = () => {
    checkFile(file)
    met = dataOf(file)
    const isUnclean = sizeOf(`${file}-wal`) > 0
    // Asked in this order, another process that is making the file is not in the way.
    if (isUnclean && sizeOf(file) === 0) throw alone(file)
    const connection = connect(file)
    if (checkAtOpen === "always" || (checkAtOpen === "unclean" && isUnclean)) {
      checkPages(connection)
    }
    return connection
  }
  const open = () => (inMemory ? connect(file) : onSystem(file, "opened", openFile))
  // Another process that met the same damage may have moved it away, and begun anew.
  const quarantine = () =>
    onSystem(file, "moved aside", () =>
      dataOf(file) === met ? moveAside(file, "corrupt") : undefined,
    )
  return new SqliteEngine(open, {
    name,
    storage: inMemory ? "memory" : "file",
    busyTimeout,
    ...(inMemory ? {} : { file: () => nodeFile(file), pollInterval }),
    // The connection is one that `connect` gave.
    copy: (connection, to) =>
      writeNewFile(to, (temporary) => (copy ?? vacuumInto)(connection as C, temporary)),
    ...(copy === undefined || inMemory ? {} : { reader: () => connect(file) }),
    ...(onCorrupt === "quarantine" ? { quarantine } : {}),
    ...(durability === undefined ? {} : { durability }),
    ...(onIndexing === undefined ? {} : { onIndexing }),
  })
}

/** Which file has the data that is at a path: the `-wal`, where there is nothing else. */
function dataOf(file: string): string | undefined {
  return identityOf(sizeOf(file) > 0 ? file : `${file}-wal`)
}

/** SQLite would begin anew, and delete what the `-wal` has. */
function alone(file: string): StoreError {
  return new StoreError("corrupt", `${file} is gone or empty, and its -wal is not`, {
    details: { path: file },
    hint: "Put the file back that belongs to the -wal, or move both away; nothing was touched",
  })
}

/** @throws StoreError `corrupt` at the first damage that SQLite finds; then the connection is closed. */
function checkPages(connection: SqliteConnection): void {
  try {
    const row = connection.prepare("PRAGMA quick_check(1)").get() as Record<string, string>
    const [found = ""] = Object.values(row)
    if (found === "ok") return
    throw new StoreError("corrupt", `The database is damaged: ${found}`, {
      details: { problems: [found] },
      hint: "Restore a backup; the file was not touched",
    })
  } catch (error) {
    connection.close()
    throw error
  }
}

const FILE_OPTIONS: readonly string[] = [
  ...Object.keys({
    path: true,
    durability: true,
    busyTimeout: true,
    pollInterval: true,
    onCorrupt: true,
    checkAtOpen: true,
    onIndexing: true,
  } satisfies Record<keyof SqliteFileOptions, true>),
  ...STORE_OPTIONS,
  "driver", // Of better-sqlite3.
]

function checkFileOptions(options: SqliteFileOptions): void {
  checkOptions("A store in a file", options, FILE_OPTIONS)
  const { path, busyTimeout = 0, pollInterval = 0 } = options
  // SQLite takes an empty path for a file that is gone when it is closed.
  if (typeof path !== "string" || path === "") {
    throw new StoreError("invalid_value", `${shown(path)} is no path of a database`, {
      details: { path },
      hint: 'Give the path of a file, such as "app.db", or ":memory:"',
    })
  }
  checkChoice("durability", options.durability, ["full", "process"])
  checkChoice("onCorrupt", options.onCorrupt, ["throw", "quarantine"])
  checkChoice("checkAtOpen", options.checkAtOpen, ["always", "unclean", "never"])
  checkTime("busyTimeout", busyTimeout)
  checkTime("pollInterval", pollInterval === false ? 0 : pollInterval)
}

/** The longest is what a timer can take. */
function checkTime(name: string, time: number): void {
  if (Number.isInteger(time) && time >= 0 && time < 2 ** 31) return
  throw new StoreError("invalid_value", `${shown(time)} is no ${name}`, {
    details: { [name]: time },
    hint: "Give a whole number of milliseconds, 0 or more",
  })
}
