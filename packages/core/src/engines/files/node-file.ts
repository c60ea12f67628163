import { basename, dirname, resolve } from "node:path"
import type { DatabaseFile } from "../sqlite/database-file.ts"
import { syncFolder } from "./folder.ts"
import { fs } from "./fs.ts"
import { identityOf } from "./identity.ts"

/**
 * The file of an open database in WAL mode, on Node and what is like it. What is synced is the
 * `-wal` file: SQLite holds no locks on that one, so that closing it again drops none. It stays
 * the same file for as long as a connection is open.
 */
export function nodeFile(path: string): DatabaseFile {
  const folder = dirname(resolve(path))
  const found = identityOf(path)
  let wal: number | undefined
  const opened = () => {
    wal ??= fs.openSync(`${path}-wal`, "r+")
    return wal
  }
  return {
    syncAtOnce() {
      fs.fdatasyncSync(opened())
      syncFolder(folder)
    },
    sync: () =>
      new Promise((done, failed) => {
        fs.fdatasync(opened(), (error) => (error ? failed(error) : done()))
      }),
    watch: (hint) => watchFolder(folder, basename(path), hint),
    isReplaced: () => identityOf(path) !== found,
    close() {
      if (wal !== undefined) fs.closeSync(wal)
      wal = undefined
    },
  }
}

/**
 * Watches the folder and not its files: these come and go. Where that is not possible, or no
 * longer, there are no hints.
 */
function watchFolder(folder: string, name: string, hint: () => void): () => void {
  try {
    const watcher = fs.watch(folder, { persistent: false }, (_, changed) => {
      if (changed === null || changed.startsWith(name)) hint()
    })
    watcher.on("error", () => watcher.close())
    return () => watcher.close()
  } catch {
    return () => {}
  }
}
