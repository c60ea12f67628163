// Bundles the entry points into bundle/, with what they share in chunks: a process that opens a store
// reads a handful of files instead of a hundred. Declarations stay in dist/, as the compiler made them.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const here = new URL("..", import.meta.url)
const path = (name) => fileURLToPath(new URL(name, here))
const { exports } = JSON.parse(readFileSync(path("package.json"), "utf8"))

const BUNDLED = /^\.\/bundle\/(.*)\.js$/
const entries = Object.values(exports).flatMap((entry) => BUNDLED.exec(entry.default)?.[1] ?? [])

rmSync(path("bundle"), { recursive: true, force: true })
const { outputFiles } = await build({
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
  write: false,
})

// Entry points import the chunks from which they need nothing, too, for what these might do when
// they are loaded. Ours do nothing. An empty line stays, for the source maps.
const FOR_EFFECT = /^import "[./]*chunk-\w+\.js";$/gm
for (const { path: file, text } of outputFiles) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text.replace(FOR_EFFECT, ""))
}
