import { existsSync, readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { parseSync } from "oxc-parser"
import { describe, expect, it } from "vitest"
import { root } from "../setup/process.mjs"

const folder = path.join(root, "packages")
const packages = readdirSync(folder).filter((name) =>
  existsSync(path.join(folder, name, "package.json")),
)

// A public name is a promise: one that comes or goes shows as a change of these files.
// After a wanted change: pnpm check:exports -u
describe.each(packages)("@tidemark/%s", (name) => {
  it("exports these names and no others", async () => {
    const file = path.join(folder, name, "test", "exports.txt")
    await expect(listing(path.join(folder, name))).toMatchFileSnapshot(file)
  })
})

/** Each way into a package, with the names it exports below it. */
function listing(home: string): string {
  const { name, exports } = JSON.parse(readFileSync(path.join(home, "package.json"), "utf8"))
  const ways = Object.entries(exports).flatMap(([subpath, target]) =>
    targets(target).map(({ conditions, file, types }) => {
      const title = [path.posix.join(name, subpath), ...conditions].join(" ")
      const found = names(path.join(home, file), path.join(home, types))
      return [title, ...found.map((line) => `  ${line}`)].join("\n")
    }),
  )
  return `${ways.join("\n\n")}\n`
}

/** The files a subpath leads to, with the conditions that lead there. */
function targets(
  target: unknown,
  conditions: string[] = [],
): { conditions: string[]; file: string; types: string }[] {
  if (typeof target === "string") {
    return [{ conditions, file: target, types: target.replace(/\.js$/, ".d.ts") }]
  }
  if (isBundled(target)) return [{ conditions, file: target.default, types: target.types }]
  return Object.entries(target as object).flatMap(([condition, next]) =>
    targets(next, [...conditions, condition]),
  )
}

/** One whose declarations stand elsewhere. */
function isBundled(target: unknown): target is { types: string; default: string } {
  return Object.keys(target as object).join() === "types,default"
}

/** The values of a module, then its types, each in order. */
function names(file: string, declarations: string): string[] {
  const values = /\.js$/.test(file) ? exported(file) : []
  if (declarations === file || !existsSync(declarations)) return values
  const types = exported(declarations).filter((name) => !values.includes(name))
  return [...values, ...types.map((name) => `type ${name}`)]
}

function exported(file: string): string[] {
  const { module } = parseSync(file, readFileSync(file, "utf8"))
  const entries = module.staticExports.flatMap((statement) => statement.entries)
  return entries.flatMap(({ exportName }) => exportName.name ?? []).sort()
}
