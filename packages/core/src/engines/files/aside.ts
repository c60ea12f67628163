import { existsSync, renameSync } from "node:fs"
import { dirname } from "node:path"
import { syncFolder } from "./folder.ts"

/** The files that make one database. */
export const PARTS: readonly string[] = ["", "-wal", "-shm", "-journal"]

/**
 * Moves a database out of the way, with all that belongs to it: nothing is deleted. Gives its
 * new path, `<path>.<what>-<time>`.
 */
export function moveAside(path: string, what: string): string {
  const time = new Date().toISOString().replace(/[:.]/g, "-")
  let aside = `${path}.${what}-${time}`
  for (let copy = 2; existsSync(aside); copy++) aside = `${path}.${what}-${time}-${copy}`
  // The main file goes last: until then it is clear whose the others are.
  for (const part of PARTS.toReversed()) {
    if (existsSync(`${path}${part}`)) renameSync(`${path}${part}`, `${aside}${part}`)
  }
  syncFolder(dirname(path))
  return aside
}
