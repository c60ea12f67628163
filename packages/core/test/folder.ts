import { createHash } from "node:crypto"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll } from "vitest"

/** A temporary folder for the tests of one file, gone after them. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-core-"))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The names and bytes of everything in a folder: equal only when nothing was touched. */
export function fingerprint(folder: string): Record<string, string> {
  const files = readdirSync(folder, { withFileTypes: true })
  return Object.fromEntries(
    files.map((file) => {
      const path = join(folder, file.name)
      if (file.isDirectory()) return [file.name, JSON.stringify(fingerprint(path))]
      const hash = createHash("sha256").update(readFileSync(path)).digest("hex")
      return [file.name, `${statSync(path).size} ${hash}`]
    }),
  )
}
