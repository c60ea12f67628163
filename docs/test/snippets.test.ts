import { spawnSync } from "node:child_process"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { everySnippet, snippetsOf } from "./snippet.ts"

const docs = fileURLToPath(new URL("..", import.meta.url))
const compiler = path.join(docs, "../node_modules/typescript/bin/tsc")
// Inside the repository, so that the packages resolve.
const folder = path.join(docs, ".snippets")
const snippets = everySnippet(docs).map((snippet, index) => ({
  ...snippet,
  file: path.join(folder, `${index}.ts`),
}))

beforeAll(() => {
  mkdirSync(folder, { recursive: true })
  for (const { file, code } of snippets) writeFileSync(file, code)
})
afterAll(() => rmSync(folder, { recursive: true }))

it("the README shows code that runs", () => {
  expect(snippets.map(({ place }) => place.split(":")[0])).toContain("README.md")
})

it("the snippets have no type errors", () => {
  const { status, stdout } = node(compiler, "-p", docs)
  expect({ status, report: withPlaces(stdout) }).toEqual({ status: 0, report: "" })
})

it.each(snippets)("the snippet at $place runs", ({ file }) => {
  const { status, stderr } = node("--experimental-strip-types", "--no-warnings", file)
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
})

describe("a page", () => {
  it("gives the code of its marked fences, with the line it stands on", () => {
    const page = "# A\n\n```ts test\nconst a = 1\n```\n\n```ts\nno\n```\n\n```ts test\nlet b\n```\n"
    expect(snippetsOf("a.md", page)).toEqual([
      { place: "a.md:4", code: "const a = 1\n" },
      { place: "a.md:12", code: "let b\n" },
    ])
  })

  it("without a marked fence gives nothing", () => {
    expect(snippetsOf("a.md", "```js\n1\n```\n")).toEqual([])
  })
})

function node(...args: string[]) {
  return spawnSync(process.execPath, args, { cwd: docs, encoding: "utf8" })
}

/** A compiler's report in which each file is named by the place of its snippet. */
function withPlaces(report: string): string {
  return snippets.reduce(
    (text, { file, place }) => text.replaceAll(path.relative(docs, file), place),
    report,
  )
}
