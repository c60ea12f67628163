import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import { built, home } from "./folders.ts"

/** Writes the service worker of a build, with the list of its files, to where the page finds it. */
export async function writeServiceWorker(build: string): Promise<void> {
  const source = await readFile(path.join(home, "service-worker", "service-worker.js"), "utf8")
  const settings = JSON.stringify({ build, files: await staticFiles() })
  const out = path.join(home, "public", "service-worker.js")
  await mkdir(path.dirname(out), { recursive: true })
  await writeFile(out, `self.atlas = ${settings}\n${source}`)
}

/** The addresses of all scripts, styles and databases' programs that the page may load. */
async function staticFiles(): Promise<string[]> {
  const folder = path.join(built, "static")
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".map"))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((file) => `/_next/static/${file.split(path.sep).join("/")}`)
    .sort()
}
