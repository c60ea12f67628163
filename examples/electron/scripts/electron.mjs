import { spawn } from "node:child_process"
import path from "node:path"
import { findElectron, INSTALL } from "./binary.mjs"

/** Starts the built application. Ends this process, with a way out, where there is no binary. */
export function startElectron(env = process.env) {
  const binary = findElectron()
  if (binary === undefined) {
    console.error(`There is no Electron binary here. Download it with:\n\n  ${INSTALL}\n`)
    process.exit(1)
  }
  const root = path.join(import.meta.dirname, "..")
  return spawn(binary, [root], { env, stdio: "inherit" })
}
