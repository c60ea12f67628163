// Starts the built application.
import { existsSync } from "node:fs"
import path from "node:path"
import { startElectron } from "./electron.mjs"

if (!existsSync(path.join(import.meta.dirname, "..", "dist", "main.js"))) {
  console.error("The application is not built. Build it with:\n\n  pnpm build\n")
  process.exit(1)
}
startElectron().on("exit", (code) => process.exit(code ?? 1))
