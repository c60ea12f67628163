import initSqlite from "@sqlite.org/sqlite-wasm"
import { StoreError } from "@tidemark/core"
import type { WasmDatabase } from "@tidemark/core/sqlite-wasm"

// Only the pool is used: the other storages would start workers of their own, which a bundle does not have.
const settings = globalThis as { sqlite3ApiConfig?: object }
settings.sqlite3ApiConfig = {
  disable: { vfs: { opfs: true, "opfs-wl": true, "opfs-vfs": true, kvvfs: true } },
}

/**
 * A pool that cannot be opened would delete its files: with a worker that is just ending in the
 * way, the user's unsent writes. What goes wrong is thrown, and need not be printed too.
 */
const POOL = { preserveOnInitFailure: true, verbosity: 0, forceReinitIfPreviouslyFailed: true }

/** So many files a pool has: two databases, with what SQLite keeps beside each. */
const FILES = 6

/** How soon a pool that somebody holds is tried again, in milliseconds. */
const RETRY = 20

/** Why a browser's storage cannot be used: what `details.reason` of the error says. */
export type StorageReason =
  /** Somebody else holds it. */
  | "locked"
  /** The browser, or this page of it, has no such storage. */
  | "unsupported"
  /** The browser refuses it, as in a private mode. */
  | "private"
  /** There is no room. */
  | "full"
  /** Something else. */
  | "failed"

/** Databases in a folder of the origin's private file system. */
export interface Pool {
  connect(file: string): WasmDatabase
  /** Whether the files are still there: a browser that clears its data leaves open files to who has them. */
  isThere(): Promise<boolean>
  /** The content of a database that is open. */
  bytesOf(database: WasmDatabase): Uint8Array<ArrayBuffer>
  /** Lets go of the files, once all databases are closed: whoever wants them has them from then on. */
  release(): void
}

/**
 * Opens the databases of a folder. While somebody holds it, it is tried again for `patience`
 * milliseconds: a worker that has just ended lets go a moment later.
 *
 * @throws StoreError `storage_unavailable`, with a `StorageReason` in `details.reason`.
 */
export async function openPool(directory: string, patience = 0): Promise<Pool> {
  const giveUp = performance.now() + patience
  const sqlite = await loadSqlite()
  const insist = async (): Promise<Pool> => {
    for (;;) {
      try {
        const pool = await sqlite.installOpfsSAHPoolVfs({ directory, name: directory, ...POOL })
        // A first opening that was cut short, by a kill or for want of room, has made some of them.
        await pool.reserveMinimumCapacity(FILES)
        return {
          connect: (file) => new pool.OpfsSAHPoolDb(file),
          isThere: () => isFolder(directory),
          bytesOf: (database) => sqlite.capi.sqlite3_js_db_export(database as never).slice(),
          release: () => void pool.pauseVfs(),
        }
      } catch (cause) {
        if (reasonFor(cause) !== "locked" || performance.now() >= giveUp) throw cause
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY))
    }
  }
  try {
    return await inTurn(`tidemark:opening ${directory}`, patience, insist)
  } catch (cause) {
    throw unavailable(directory, cause)
  }
}

/** SQLite, compiled once for all pools of this worker. */
function loadSqlite(): ReturnType<typeof initSqlite> {
  loaded ??= initSqlite()
  return loaded
}

let loaded: ReturnType<typeof initSqlite> | undefined

/** Two that opened at once would take files from each other, and could both fail: one after the other. */
async function inTurn<T>(name: string, patience: number, work: () => Promise<T>): Promise<T> {
  const locks = navigator.locks as LockManager | undefined
  if (locks === undefined) return work()
  if (patience > 0) return locks.request(name, { signal: AbortSignal.timeout(patience) }, work)
  return locks.request(name, { ifAvailable: true }, (lock) => {
    if (lock === null) throw new DOMException("Somebody opens it just now", "TimeoutError")
    return work()
  })
}

async function isFolder(directory: string): Promise<boolean> {
  const root = await navigator.storage.getDirectory()
  return root.getDirectoryHandle(directory).then(
    () => true,
    (error: DOMException) => error.name !== "NotFoundError",
  )
}

const HINTS: Readonly<Record<StorageReason, string>> = {
  locked: "Another tab of this app may hold it",
  unsupported: "Use a newer browser, and serve the page from localhost or over HTTPS",
  private: "The browser may be in a private mode, or block storage of this site",
  full: "Free some space, or ask for more",
  failed: "Another tab of this app may hold it, or the browser is in a private mode",
}

function unavailable(directory: string, cause: unknown): StoreError {
  const reason = reasonFor(cause)
  return new StoreError(
    "storage_unavailable",
    "The browser's private file system could not be opened",
    { details: { directory, reason, error: String(cause) }, hint: HINTS[reason], cause },
  )
}

const REASONS: Readonly<Record<string, StorageReason>> = {
  NoModificationAllowedError: "locked",
  InvalidStateError: "locked",
  TimeoutError: "locked",
  SecurityError: "private",
  NotAllowedError: "private",
  QuotaExceededError: "full",
}

function reasonFor(cause: unknown): StorageReason {
  if (typeof navigator.storage?.getDirectory !== "function") return "unsupported"
  if (!("createSyncAccessHandle" in FileSystemFileHandle.prototype)) return "unsupported"
  return REASONS[(cause as { readonly name?: string } | undefined)?.name ?? ""] ?? "failed"
}
