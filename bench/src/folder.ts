import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

let folder: string | undefined
let files = 0

/** The path of a database that does not exist yet. */
export function freshFile(): string {
  folder ??= mkdtempSync(join(tmpdir(), "tidemark-bench-"))
  return join(folder, `${++files}.db`)
}

/** Deletes every database of this run. */
export function removeFiles(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  folder = undefined
}
