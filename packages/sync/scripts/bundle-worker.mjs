// Bundles the storage worker with sqlite-wasm into dist/opfs-worker.js, with sqlite3.wasm beside it,
// so that every bundler takes it as it is: some cannot build sqlite-wasm themselves.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const here = new URL("..", import.meta.url)
const path = (name) => fileURLToPath(new URL(name, here))
const outfile = path("dist/opfs-worker.js")

await build({
  entryPoints: [path("dist/worker.js")],
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  minify: true,
  legalComments: "linked",
  conditions: ["import", "browser"],
  logLevel: "warning",
  outfile,
})

/** Workers of sqlite-wasm's other storages, which we turn off: bundlers would look for their files. */
const UNUSED = [
  /new Worker\(new URL\("sqlite3-worker1\.mjs",\s*import\.meta\.url\),\s*\{\s*type:\s*"module"\s*\}\)/g,
  /new URL\("sqlite3-opfs-async-proxy\.js",\s*import\.meta\.url\)/g,
]
let code = readFileSync(outfile, "utf8")
for (const unused of UNUSED) {
  if (!unused.test(code)) throw new Error(`sqlite-wasm has changed: ${unused} is no longer in it`)
  code = code.replace(unused, "null")
}
writeFileSync(outfile, code)
copyFileSync(
  fileURLToPath(import.meta.resolve("@sqlite.org/sqlite-wasm/sqlite3.wasm")),
  path("dist/sqlite3.wasm"),
)
