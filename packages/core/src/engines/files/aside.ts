import { dirname } from "node:path"
import { syncFile, syncFolder } from "./folder.ts"
import { fs } from "./fs.ts"
import { onSystem } from "./system-fault.ts"

/** The files that make one database. */
export const PARTS: readonly string[] = ["", "-wal", "-shm", "-journal"]

/**
 * Moves a database out of the way, with all that belongs to it: nothing is deleted. Gives its
 * new path, `<path>.<what>-<time>`.
 *
 * @throws StoreError `storage_unavailable` where the system refuses that.
 */
export function moveAside(path: string, what: string): string {
  return onSystem(path, "moved aside", () => {
    const aside = freeName(path, what)
    // The main file goes last: until then it is clear whose the others are.
    for (const part of PARTS.toReversed()) movePart(path, aside, part)
    syncFolder(dirname(path))
    return aside
  })
}

/**
 * The same for a database whose path another file takes at once, by a rename: until then the main
 * file has both names, so that nobody ever meets an empty place and begins anew there.
 */
export function keepAside(path: string, what: string): string {
  return onSystem(path, "kept aside", () => {
    const aside = freeName(path, what)
    linkOrCopy(path, aside)
    for (const part of PARTS) if (part !== "") movePart(path, aside, part)
    syncFolder(dirname(path))
    return aside
  })
}

function freeName(path: string, what: string): string {
  const time = new Date().toISOString().replace(/[:.]/g, "-")
  let aside = `${path}.${what}-${time}`
  for (let copy = 2; fs.existsSync(aside); copy++) aside = `${path}.${what}-${time}-${copy}`
  return aside
}

function movePart(path: string, aside: string, part: string): void {
  if (fs.existsSync(`${path}${part}`)) fs.renameSync(`${path}${part}`, `${aside}${part}`)
}

/** Not every file system has links. */
function linkOrCopy(path: string, aside: string): void {
  try {
    fs.linkSync(path, aside)
  } catch {
    fs.copyFileSync(path, aside, fs.constants.COPYFILE_EXCL)
    syncFile(aside)
  }
}
