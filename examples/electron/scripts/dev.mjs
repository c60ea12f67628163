// Runs the application from its sources: pages change as they are edited, main starts again.
import path from "node:path"
import * as esbuild from "esbuild"
import { createServer } from "vite"
import { bundleOptions } from "./bundles.mjs"
import { startElectron } from "./electron.mjs"

const root = path.join(import.meta.dirname, "..")
const server = await createServer({
  configFile: path.join(root, "vite.config.ts"),
  server: { host: "127.0.0.1" },
})
await server.listen()
const env = { ...process.env, NOTES_DEV_URL: server.resolvedUrls.local[0] }

const bundles = bundleOptions(path.join(root, "dist"))
const built = new Set()
let electron
let again = false

for (const options of bundles) {
  const restart = {
    name: "restart",
    setup(build) {
      build.onEnd(({ errors }) => {
        if (errors.length > 0) return
        built.add(options.outfile)
        if (built.size < bundles.length) return
        if (electron === undefined) return start()
        again = true
        electron.kill()
      })
    },
  }
  const context = await esbuild.context({ ...options, plugins: [restart] })
  await context.watch()
}

function start() {
  again = false
  electron = startElectron(env)
  // Closed by its person: then all of this ends.
  electron.on("exit", (code) => (again ? start() : process.exit(code ?? 0)))
}
