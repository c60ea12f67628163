import { basename, dirname, resolve } from "node:path"
import { fs } from "./fs.ts"
import { onSystem } from "./system-fault.ts"

/**
 * The absolute path of a file without links on the way, as SQLite has it: the `-wal` lies beside
 * that one, and that one is what is moved. The file itself need not be there.
 *
 * @throws StoreError `storage_unavailable` for links in a circle, a name that is too long, or a
 * folder that may not be entered.
 */
export function realFile(path: string): string {
  return onSystem(path, "found", () => real(resolve(path)))
}

function real(file: string): string {
  const found = unlessMissing(() => fs.realpathSync(file))
  if (found !== undefined) return found
  const isLink = fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
  // A link whose file is still to be made. It leads on to an end: of a circle, the system would have told.
  if (isLink) return real(resolve(dirname(file), fs.readlinkSync(file)))
  const folder = unlessMissing(() => fs.realpathSync(dirname(file)))
  return folder === undefined ? file : resolve(folder, basename(file))
}

/** What a step gives; `undefined` when something on the path is not there. */
function unlessMissing<T>(step: () => T): T | undefined {
  try {
    return step()
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined
    throw error
  }
}
