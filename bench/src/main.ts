import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { FULL_SCALE, SMOKE_SCALE } from "./case.ts"
import { run } from "./run.ts"
import { tableOf } from "./table.ts"

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    smoke: { type: "boolean", default: false },
    rounds: { type: "string" },
  },
})

const scale = values.smoke ? SMOKE_SCALE : FULL_SCALE
const results = await run({
  scale: values.rounds === undefined ? scale : { ...scale, rounds: Number(values.rounds) },
  only: values.only,
  progress: showProgress,
})
if (process.stderr.isTTY) process.stderr.write("\r\x1b[K")
const table = tableOf(results)
process.stdout.write(`\n${table}`)

// Only a whole run at full scale is kept.
if (values.only === "" && !values.smoke) {
  const folder = join(import.meta.dirname, "../results")
  mkdirSync(folder, { recursive: true })
  const name = join(folder, results.date.slice(0, 10))
  writeFileSync(`${name}.md`, table)
  writeFileSync(`${name}.json`, `${JSON.stringify(results, undefined, 2)}\n`)
  process.stdout.write(`\nKept in bench/results/${results.date.slice(0, 10)}.md and .json\n`)
}

function showProgress(text: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`)
}
