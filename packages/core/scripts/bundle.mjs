// Bundles the entry points into bundle/, with what they share in chunks: a process that opens a store
// reads a handful of files instead of a hundred. Declarations stay in dist/, as the compiler made them.
import { readFileSync, rmSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const here = new URL("..", import.meta.url)
const path = (name) => fileURLToPath(new URL(name, here))
const { exports } = JSON.parse(readFileSync(path("package.json"), "utf8"))

const BUNDLED = /^\.\/bundle\/(.*)\.js$/
const entries = Object.values(exports).flatMap((entry) => BUNDLED.exec(entry.default)?.[1] ?? [])

rmSync(path("bundle"), { recursive: true, force: true })
await build({
  entryPoints: entries.map((entry) => path(`src/${entry}.ts`)),
  outbase: path("src"),
  outdir: path("bundle"),
  bundle: true,
  splitting: true,
  format: "esm",
  // No entry point is tied to one runtime by its bundle: what each has is named, not looked for.
  platform: "neutral",
  packages: "external",
  external: ["node:*", "bun:*"],
  target: "es2022",
  sourcemap: "linked",
  sourcesContent: false,
  logLevel: "warning",
})
