import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import { root } from "../setup/process.mjs"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tidemark-dependencies-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

it("lets a leaf import core, and core its own files", () => {
  write("packages/core/src/index.ts", 'export { a } from "./a.ts"')
  write("packages/core/src/a.ts", 'import type { B } from "./b.ts"\nexport const a: B = 1')
  write("packages/core/src/b.ts", 'import type { a } from "./a.ts"\nexport type B = typeof a | 1')
  write("packages/rxjs/src/index.ts", 'import { a } from "@tidemark/core"\nexport const b = a')
  expect(lint()).toEqual([])
})

it("lets an engine of core import what its root must not", () => {
  write("packages/core/src/index.ts", "export {}")
  write("packages/core/src/engine.ts", 'import { openSync } from "node:fs"\nexport { openSync }')
  expect(lint()).toEqual([])
})

it.each([
  [
    "core that imports a leaf",
    "core-stands-alone",
    "packages/core/src/index.ts",
    'export { a } from "@tidemark/rxjs"',
  ],
  [
    "a leaf that imports a leaf",
    "leaves-stand-apart",
    "packages/rxjs/src/index.ts",
    'export { a } from "@tidemark/sync/worker"',
  ],
  [
    "a leaf that imports only a type of a leaf",
    "leaves-stand-apart",
    "packages/rxjs/src/index.ts",
    'export type { A } from "../../sync/src/index.ts"',
  ],
  [
    "a Node built-in in the root of core",
    "core-root-is-pure",
    "packages/core/src/a.ts",
    'export { openSync as a } from "node:fs"',
  ],
  [
    "a package in the root of core",
    "core-root-is-pure",
    "packages/core/src/a.ts",
    'export { a } from "lodash"',
  ],
  [
    "modules that load each other",
    "no-cycles",
    "packages/core/src/a.ts",
    'import "./index.ts"\nexport const a = 1',
  ],
])("refuses %s", (_, rule, file, source) => {
  write("packages/core/src/index.ts", 'export { a } from "./a.ts"')
  write("packages/core/src/a.ts", "export const a = 1")
  write("packages/sync/src/index.ts", "export type A = 1")
  write(file, source)
  expect(lint()).toContain(rule)
})

function write(file: string, source: string): void {
  const target = path.join(folder, file)
  mkdirSync(path.dirname(target), { recursive: true })
  writeFileSync(target, source)
}

/** The names of the rules that the files break. */
function lint(): string[] {
  const config = path.join(root, ".dependency-cruiser.mjs")
  const program = path.join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs")
  const args = [program, "--config", config, "--output-type", "json", "packages"]
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" })
  const { summary } = JSON.parse(stdout) as {
    summary: { violations: { rule: { name: string } }[] }
  }
  return summary.violations.map(({ rule }) => rule.name)
}
