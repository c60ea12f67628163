// `pnpm strangers`: 100,000 requests of strangers to a server, or as many as `--requests` says.
// `--seed` makes the same choices again.
import { parseArgs } from "node:util"
import { Fault } from "../ledger.ts"
import { endProgress, progressOf, showProgress } from "../progress.ts"
import { freshSeed } from "../random.ts"
import { strangers } from "./campaign.ts"

const { values } = parseArgs({
  options: { requests: { type: "string", default: "100000" }, seed: { type: "string" } },
})
const requests = Number(values.requests)
const seed = values.seed === undefined ? freshSeed() : Number(values.seed)
process.stdout.write(`requests of strangers, seed ${seed}\n`)

let shown = Date.now()
try {
  const report = await strangers({
    requests,
    seed,
    progress({ requests: done, applied }) {
      if (Date.now() - shown < 1_000) return
      shown = Date.now()
      showProgress(`${progressOf(done, requests)}; ${applied} writes decided`)
    },
  })
  endProgress()
  const statuses = Object.entries(report.statuses).map(([status, count]) => `${status}: ${count}`)
  process.stdout.write(
    `${report.requests} requests, ${report.applied} writes decided; ${statuses.join(", ")}; nothing broken, told or altered; ${Math.round(report.growth / 1024)} KiB more held\n`,
  )
} catch (error) {
  endProgress()
  if (!(error instanceof Fault)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
