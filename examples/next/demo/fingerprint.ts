import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import path from "node:path"
import { home } from "./folders.ts"

const PACKAGES = ["core", "devtools", "react", "sync"]
const SOURCES = ["app", "atlas", "browser", "page", "server", "service-worker", "styles"]
const FILES = ["instrumentation.ts", "next.config.ts", "package.json", "proxy.ts"]

/** The same text for the same build: made of every source and of the packages as they are built. */
export async function fingerprint(): Promise<string> {
  const require = createRequire(import.meta.url)
  const packages = PACKAGES.map((name) =>
    path.join(path.dirname(require.resolve(`@tidemark/${name}/package.json`)), "dist"),
  )
  const files = [...FILES.map((file) => path.join(home, file))]
  for (const folder of [...SOURCES.map((name) => path.join(home, name)), ...packages]) {
    files.push(...(await filesIn(folder)))
  }
  const hash = createHash("sha256")
  for (const file of files) {
    hash.update(path.relative(home, file)).update("\0")
    hash.update(await readFile(file)).update("\0")
  }
  return hash.digest("hex").slice(0, 16)
}

/** The files in a folder that go into a build, in a fixed order. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !/\.(map|d\.ts|tsbuildinfo)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}
