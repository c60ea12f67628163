import { spawn } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { everySnippet, snippetsOf } from "./snippet.ts"

const patience = 20_000
const docs = fileURLToPath(new URL("..", import.meta.url))
const compiler = path.join(docs, "../node_modules/typescript/bin/tsc")
// Inside the repository, so that the packages resolve.
const folder = mkdtempSync(path.join(docs, ".snippets-"))
const snippets = everySnippet(docs).map((snippet, index) => ({
  ...snippet,
  file: path.join(folder, `${index}.ts`),
}))

beforeAll(() => {
  const config = { extends: "../tsconfig.json", include: ["*.ts"] }
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(config))
  for (const { file, code } of snippets) writeFileSync(file, code)
})
afterAll(() => rmSync(folder, { recursive: true }))

it("the README shows code that runs", () => {
  expect(snippets.map(({ place }) => place.split(":")[0])).toContain("README.md")
})

it("the snippets have no type errors", async () => {
  const { ended, output } = await node(compiler, "-p", folder)
  expect(ended, withPlaces(output)).toBe(0)
})

it.each(snippets)(
  "the snippet at $place runs, and ends",
  async ({ file }) => {
    const { ended, output } = await node("--experimental-strip-types", "--no-warnings", file)
    expect(ended, withPlaces(output)).toBe(0)
  },
  2 * patience,
)

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

/** Runs Node, and tells its exit code or the signal that ended it, with everything it printed. */
async function node(...args: string[]) {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: patience,
  })
  const ended = new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(code ?? signal))
  })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { ended: await ended, output: out + err }
}

/** A report in which each file is named by the place of its snippet. */
function withPlaces(report: string): string {
  return snippets.reduce(
    (result, { file, place }) => result.replaceAll(path.relative(folder, file), place),
    report,
  )
}
