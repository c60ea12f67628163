import { closeSync, fdatasync, fdatasyncSync, fsyncSync, openSync } from "node:fs"
import { dirname, resolve } from "node:path"
import type { DatabaseFile } from "./database-file.ts"

/** What a folder answers that cannot be synced as such: on Windows, or on some network drives. */
const NOT_FOR_FOLDERS = ["EACCES", "EBADF", "EINVAL", "EISDIR", "ENOTSUP", "EPERM"]

/**
 * The file of an open database in WAL mode, on Node and what is like it. What is synced is the
 * `-wal` file: SQLite holds no locks on that one, so that closing it again drops none. It stays
 * the same file for as long as a connection is open.
 */
export function nodeFile(path: string): DatabaseFile {
  let wal: number | undefined
  const opened = () => {
    wal ??= openSync(`${path}-wal`, "r+")
    return wal
  }
  return {
    syncAtOnce() {
      fdatasyncSync(opened())
      syncFolder(dirname(resolve(path)))
    },
    sync: () =>
      new Promise((done, failed) => {
        fdatasync(opened(), (error) => (error ? failed(error) : done()))
      }),
    close() {
      if (wal !== undefined) closeSync(wal)
      wal = undefined
    },
  }
}

/** Makes the names of new files survive a power cut. */
function syncFolder(folder: string): void {
  try {
    const opened = openSync(folder, "r")
    try {
      fsyncSync(opened)
    } finally {
      closeSync(opened)
    }
  } catch (error) {
    if (!NOT_FOR_FOLDERS.includes(String((error as { code?: unknown }).code))) throw error
  }
}
