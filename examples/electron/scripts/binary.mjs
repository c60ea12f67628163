import { existsSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import path from "node:path"

/** How to get Electron's binary, which its package downloads only when it is asked to. */
export const INSTALL = "pnpm --filter ./examples/electron exec install-electron"

/**
 * The path of Electron's binary, or `undefined` where it was not downloaded. Electron's own
 * lookup would begin a download instead.
 */
export function findElectron(env = process.env) {
  const folder = path.dirname(createRequire(import.meta.url).resolve("electron/package.json"))
  const named = path.join(folder, "path.txt")
  const name = existsSync(named) ? readFileSync(named, "utf8") : "electron"
  const binary = path.join(env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(folder, "dist"), name)
  return existsSync(binary) ? binary : undefined
}
