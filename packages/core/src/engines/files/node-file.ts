import { closeSync, fdatasync, fdatasyncSync, openSync } from "node:fs"
import { dirname, resolve } from "node:path"
import type { DatabaseFile } from "../sqlite/database-file.ts"
import { syncFolder } from "./folder.ts"

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
