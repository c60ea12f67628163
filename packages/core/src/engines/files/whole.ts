import { StoreError } from "../../errors.ts"
import { fs } from "./fs.ts"
import { sizeOf } from "./identity.ts"

/** What can have data that the main file lacks, where a process was stopped. */
const BESIDE = ["-wal", "-journal"]

/**
 * Copies a database file with what lies beside it, so that SQLite finds in the copy every commit
 * that the original has.
 *
 * @throws StoreError `busy` when it was changed meanwhile.
 */
export function copyWhole(source: string, target: string): void {
  const before = stateOf(source)
  fs.copyFileSync(source, target)
  for (const part of BESIDE) {
    if (sizeOf(`${source}${part}`) > 0) fs.copyFileSync(`${source}${part}`, `${target}${part}`)
  }
  if (stateOf(source) === before) return
  throw new StoreError("busy", `${source} was written to while it was copied`, {
    details: { path: source },
    hint: "Close it everywhere, or make a backup of it with backup()",
  })
}

function stateOf(source: string): string {
  const states = ["", ...BESIDE].map((part) => {
    const stats = fs.statSync(`${source}${part}`, { bigint: true, throwIfNoEntry: false })
    return stats && `${stats.ino}:${stats.size}:${stats.mtimeNs}`
  })
  return states.join(" ")
}
