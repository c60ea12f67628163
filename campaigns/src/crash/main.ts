// `pnpm crash`: 10,000 kills, or as many as `--kills` says, in both durabilities, while one and
// three processes write. `--seed` makes the same choices again.
import { parseArgs } from "node:util"
import { Fault } from "../ledger.ts"
import { endProgress, progressOf, showProgress } from "../progress.ts"
import { freshSeed } from "../random.ts"
import { type CrashReport, crash } from "./campaign.ts"

const { values } = parseArgs({
  options: { kills: { type: "string", default: "10000" }, seed: { type: "string" } },
})
const kills = Number(values.kills)
const seed = values.seed === undefined ? freshSeed() : Number(values.seed)
process.stdout.write(`kill -9, seed ${seed}\n`)

const fields = (["full", "process"] as const).flatMap((durability) =>
  [1, 3].map((writers) => ({ durability, writers })),
)
const reports = new Map<number, CrashReport>()
const sum = (figure: keyof CrashReport) =>
  [...reports.values()].reduce((total, report) => total + report[figure], 0)
let shown = Date.now()

function progress(): void {
  if (Date.now() - shown < 1_000) return
  shown = Date.now()
  showProgress(`${progressOf(sum("kills"), kills)}; ${sum("acknowledged")} acknowledged batches`)
}

const started = Date.now()
try {
  await Promise.all(
    fields.map(({ durability, writers }, index) =>
      crash({
        durability,
        writers,
        kills: Math.ceil(kills / fields.length),
        seed: seed + index,
        progress(report) {
          reports.set(index, report)
          progress()
        },
      }),
    ),
  )
  endProgress()
  for (const [index, { durability, writers }] of fields.entries()) {
    const { kills, acknowledged, changes, files } = reports.get(index) ?? {}
    process.stdout.write(
      `${durability}, ${writers} writing: ${kills} kills, ${acknowledged} acknowledged batches, none lost; ${changes} changes in ${files} files, all whole and in order\n`,
    )
  }
  process.stdout.write(`${Math.round((Date.now() - started) / sum("kills"))} ms a kill\n`)
} catch (error) {
  endProgress()
  if (!(error instanceof Fault)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(1) // The other fields are in the middle of their work.
}
