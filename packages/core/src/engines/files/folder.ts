import { fs } from "./fs.ts"

/** What a folder answers that cannot be synced as such: on Windows, or on some network drives. */
const NOT_FOR_FOLDERS = ["EACCES", "EBADF", "EINVAL", "EISDIR", "ENOTSUP", "EPERM"]

/** Makes the names of new, moved and removed files in a folder survive a power cut. */
export function syncFolder(folder: string): void {
  try {
    syncFile(folder, "r")
  } catch (error) {
    if (!NOT_FOR_FOLDERS.includes(String((error as { code?: unknown }).code))) throw error
  }
}

/** Makes the bytes of a file survive a power cut. Not for a database that is open in this process. */
export function syncFile(path: string, flags = "r+"): void {
  const opened = fs.openSync(path, flags)
  try {
    fs.fsyncSync(opened)
  } finally {
    fs.closeSync(opened)
  }
}
