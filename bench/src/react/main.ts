import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { parseArgs } from "node:util"
import { findBrowser } from "../../../scripts/setup/browser.mjs"
import { FULL, type ReactResults, runReact } from "./run.ts"
import { reactTables } from "./table.ts"

const { values } = parseArgs({
  options: { rounds: { type: "string" }, seed: { type: "string", default: "1" } },
})
const browser = findBrowser(process.env)
if (browser !== undefined) process.env.TIDEMARK_CHROMIUM = browser

const results = await runReact({
  scale: values.rounds === undefined ? FULL : { ...FULL, rounds: Number(values.rounds) },
  seed: Number(values.seed),
  progress: (text) => process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`),
  keep,
})
if (process.stderr.isTTY) process.stderr.write("\r\x1b[K")
process.stdout.write(`\n${reactTables(results)}\n\nKept in ${fileOf(results)}.md and .json\n`)

function keep(found: ReactResults): void {
  const file = join(import.meta.dirname, "../../..", fileOf(found))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.md`, `${reactTables(found)}\n`)
  writeFileSync(`${file}.json`, `${JSON.stringify(found, undefined, 2)}\n`)
}

function fileOf({ date }: ReactResults): string {
  return `bench/results/react-${date.slice(0, 10)}`
}
