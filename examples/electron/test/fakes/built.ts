import { execFile } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import path from "node:path"
import { promisify } from "node:util"

const root = path.join(import.meta.dirname, "..", "..")

/**
 * Builds the application as it is now into a folder of its own, inside the package, where the
 * driver is found as it is in the application.
 */
export async function buildNotes(): Promise<{ readonly folder: string; remove(): void }> {
  const dist = path.join(root, "dist")
  mkdirSync(dist, { recursive: true })
  const folder = mkdtempSync(path.join(dist, "test-"))
  // As a person builds it: the test runner's NODE_ENV would build another React.
  const { NODE_ENV: _, ...env } = process.env
  await promisify(execFile)(process.execPath, ["scripts/build.mjs", folder], { cwd: root, env })
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
