import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { findBrowser } from "../../../scripts/setup/browser.mjs"
import { runSync } from "./run.ts"
import { FULL } from "./scale.ts"
import { syncTables } from "./table.ts"

const browser = findBrowser(process.env)
if (browser !== undefined) process.env.TIDEMARK_CHROMIUM = browser

const results = await runSync(FULL, (text) =>
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`),
)
if (process.stderr.isTTY) process.stderr.write("\r\x1b[K")
const tables = syncTables(results)
process.stdout.write(`\n${tables}\n`)

const folder = join(import.meta.dirname, "../../results")
mkdirSync(folder, { recursive: true })
const name = `sync-${results.date.slice(0, 10)}`
writeFileSync(join(folder, `${name}.md`), `${tables}\n`)
writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(results, undefined, 2)}\n`)
process.stdout.write(`\nKept in bench/results/${name}.md and .json\n`)
