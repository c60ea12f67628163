// `pnpm powerloss`: 20,000 crash images of each durability, or as many as `--images` says.
// `--seed` runs the same workloads and picks the same moments again.
import { parseArgs } from "node:util"
import { Fault } from "../ledger.ts"
import { endProgress, progressOf, showProgress } from "../progress.ts"
import { freshSeed } from "../random.ts"
import { losePower } from "./campaign.ts"
import { whyNotTraced } from "./record.ts"

const { values } = parseArgs({
  options: { images: { type: "string", default: "20000" }, seed: { type: "string" } },
})
const images = Number(values.images)
const seed = values.seed === undefined ? freshSeed() : Number(values.seed)
const reason = whyNotTraced()
if (reason !== undefined) {
  process.stderr.write(`Power loss cannot be played here: ${reason}\n`)
  process.exit(1)
}
process.stdout.write(`power loss, seed ${seed}\n`)

let before = 0
let shown = 0
try {
  for (const durability of ["full", "process"] as const) {
    const report = await losePower({
      images,
      durability,
      seed,
      progress({ images: done, lossy }) {
        if (Date.now() - shown < 1_000) return
        shown = Date.now()
        const where = progressOf(before + done, 2 * images)
        showProgress(`${where}; ${durability}: ${lossy} images without something acknowledged`)
      },
    })
    before += images
    endProgress()
    const { runs, operations, lossy, mostLost } = report
    process.stdout.write(
      `${durability}: ${report.images} images of ${runs} runs with ${operations} operations, none damaged; ${lossy} without something acknowledged, ${mostLost} batches at most\n`,
    )
  }
} catch (error) {
  endProgress()
  if (!(error instanceof Fault)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
