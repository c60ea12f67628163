import { dirname, resolve } from "node:path"
import { StoreError } from "../../errors.ts"
import { fs } from "./fs.ts"

/**
 * Checks what a driver would tell in its own way, or too late: SQLite opens a file that may not
 * be written and leaves a `-wal` and a `-shm` beside it. The file is not opened here: closing it
 * again would drop the locks that this process holds on it.
 *
 * @throws StoreError `storage_unavailable` without a folder or for a folder, `read_only`.
 */
export function checkFile(path: string): void {
  const folder = dirname(resolve(path))
  if (!fs.existsSync(folder)) {
    throw new StoreError("storage_unavailable", `There is no folder ${folder} for the database`, {
      details: { path, folder },
      hint: "Create the folder first, or choose another path",
    })
  }
  if (!fs.existsSync(path)) return
  if (fs.statSync(path).isDirectory()) {
    throw new StoreError("storage_unavailable", `${path} is a folder, not a database file`, {
      details: { path },
      hint: "Give the path of a file",
    })
  }
  try {
    fs.accessSync(path, fs.constants.W_OK)
  } catch (cause) {
    throw new StoreError("read_only", `The database file ${path} may not be written`, {
      details: { path },
      hint: "Check the permissions of the file and its folder",
      cause,
    })
  }
}
