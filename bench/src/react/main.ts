import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { findBrowser } from "../../../scripts/setup/browser.mjs"
import { FULL, runReact } from "./run.ts"
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
})
if (process.stderr.isTTY) process.stderr.write("\r\x1b[K")
const tables = reactTables(results)
process.stdout.write(`\n${tables}\n`)

const folder = join(import.meta.dirname, "../../results")
mkdirSync(folder, { recursive: true })
const name = `react-${results.date.slice(0, 10)}`
writeFileSync(join(folder, `${name}.md`), `${tables}\n`)
writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(results, undefined, 2)}\n`)
process.stdout.write(`\nKept in bench/results/${name}.md and .json\n`)
