// `pnpm kill-tabs`: 1,000 times, or as often as `--kills` says, the tab that leads goes while all
// tabs write. `--seed` makes the same choices again.
import { parseArgs } from "node:util"
import { findBrowser } from "../../../scripts/setup/browser.mjs"
import { Fault } from "../ledger.ts"
import { endProgress, progressOf, showProgress } from "../progress.ts"
import { freshSeed } from "../random.ts"
import { killBrowsers } from "./browser-kills.ts"
import { killTabs } from "./campaign.ts"

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "1000" },
    browsers: { type: "string", default: "100" },
    seed: { type: "string" },
  },
})
const kills = Number(values.kills)
const browsers = Number(values.browsers)
const seed = values.seed === undefined ? freshSeed() : Number(values.seed)
const browser = findBrowser(process.env)
if (browser !== undefined) process.env.TIDEMARK_CHROMIUM = browser
process.stdout.write(`kills of tabs, seed ${seed}\n`)
try {
  if (kills > 0) await endTabs()
  if (browsers > 0) await endBrowsers()
} catch (error) {
  endProgress()
  if (!(error instanceof Fault)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

async function endTabs(): Promise<void> {
  const progress = (report: { readonly kills: number }) =>
    showProgress(progressOf(report.kills, kills))
  const { batches, handovers } = await killTabs({ kills, seed, progress })
  endProgress()
  const at = (part: number) =>
    Math.round(handovers[Math.floor(part * (handovers.length - 1))] ?? Number.NaN)
  process.stdout.write(
    `${kills} kills, ${batches} batches, no acknowledged one lost and none doubled; others wrote on after ${at(0.5)} ms (p50), ${at(0.99)} ms (p99), ${at(1)} ms (longest)\n`,
  )
}

async function endBrowsers(): Promise<void> {
  const progress = (done: number) => showProgress(progressOf(done, browsers))
  const { batches } = await killBrowsers({ kills: browsers, seed, progress })
  endProgress()
  process.stdout.write(
    `${browsers} kills of the browser, ${batches} batches, no acknowledged one lost and none doubled\n`,
  )
}
