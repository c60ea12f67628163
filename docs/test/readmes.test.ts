import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"

const packages = path.join(import.meta.dirname, "../../packages")
const readmeOf = (name: string) => readFileSync(path.join(packages, name, "README.md"), "utf8")

describe.each(readdirSync(packages))("the README of %s", (name) => {
  it("names every entry of the package, and no other", () => {
    const manifest = JSON.parse(readFileSync(path.join(packages, name, "package.json"), "utf8"))
    const entries = Object.keys(manifest.exports)
      .filter((entry) => entry !== "./package.json")
      .map((entry) => path.posix.join(manifest.name, entry))
    const named = [...readmeOf(name).matchAll(/^\| `([^`]+)` \|/gm)].map(([, entry]) => entry)
    expect(named.toSorted()).toEqual(entries.toSorted())
  })

  it("leads to pages that are there", () => {
    const links = [...readmeOf(name).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link)
    expect(links.length).toBeGreaterThan(0)
    for (const link of links) {
      expect(() => readFileSync(path.join(packages, name, String(link)))).not.toThrow()
    }
  })
})
