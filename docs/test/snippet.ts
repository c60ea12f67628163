import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"

/** A piece of code in a page of the documentation. */
export interface Snippet {
  /** Where it stands, such as `README.md:12`. */
  readonly place: string
  readonly code: string
}

/** The code between the fences marked `ts test`: it must run, and must have no type errors. */
export function snippetsOf(page: string, markdown: string): Snippet[] {
  const fences = markdown.matchAll(/^```ts test\r?\n(.*?)^```\s*$/gms)
  return Array.from(fences, ({ index, 1: code = "" }) => {
    const line = markdown.slice(0, index).split("\n").length + 1
    return { place: `${page}:${line}`, code }
  })
}

/** The snippets of all pages below a folder, of the README beside it, and of those of the packages. */
export function everySnippet(folder: string): Snippet[] {
  const below = readdirSync(folder, { recursive: true, encoding: "utf8" })
  const pages = below.filter((file) => file.endsWith(".md") && !file.includes("node_modules"))
  const packages = readdirSync(path.join(folder, "../packages")).sort()
  const readmes = ["..", ...packages.map((name) => `../packages/${name}`)]
  return [...readmes.map((place) => `${place}/README.md`), ...pages.sort()].flatMap((page) => {
    const file = path.join(folder, page)
    return snippetsOf(path.normalize(path.join("docs", page)), readFileSync(file, "utf8"))
  })
}
