import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { openStore } from "@tidemark/core/better-sqlite3"
import { Fault } from "../ledger.ts"
import { Random } from "../random.ts"
import { Acknowledged } from "./acknowledged.ts"
import { BareBrowser, type BareTab } from "./bare-browser.ts"
import { servePage } from "./served.ts"

export interface BrowserKillsOptions {
  readonly kills: number
  readonly seed: number
  readonly progress?: (kills: number) => void
}

export interface BrowserKillsReport {
  readonly kills: number
  /** How many batches the stores have in the end. */
  readonly batches: number
}

/** Both must survive the end of the browser; `"full"` a power cut too, which no kill can show. */
const DURABILITIES = ["full", "process"] as const

/** A browser has so many tabs of each store. */
const TABS = 2

/** So many writes of each tab are on their way at once. */
const LANES = 3

/** Before a kill, at most so many writes are acknowledged. */
const MOST = 150

/**
 * Kills the whole browser with `kill -9` again and again while its tabs write, starts it with the
 * same profile, and compares what it has with what the writers were told.
 *
 * @throws Fault for an acknowledged write that is lost, for one that was applied twice, and for a
 * database that is damaged.
 */
export async function killBrowsers(options: BrowserKillsOptions): Promise<BrowserKillsReport> {
  const { kills, seed, progress } = options
  const folder = await mkdtemp(path.join(tmpdir(), "tidemark-browser-"))
  const served = await servePage()
  const random = new Random(seed)
  const acknowledged = new Acknowledged()
  const start = () => BareBrowser.start(path.join(folder, "profile"), { ...served, acknowledged })
  let browser = await start()
  try {
    for (let kill = 1; kill <= kills; kill++) {
      await write(browser, kill, acknowledged)
      await acknowledged.reaches(acknowledged.total + 1 + random.below(MOST))
      await browser.kill()
      browser = await start()
      progress?.(kill)
    }
    let batches = 0
    for (const durability of DURABILITIES) {
      const tab = await browser.open()
      batches += await check(tab, durability, acknowledged)
      await checkFile(tab, path.join(folder, `${durability}.db`))
    }
    return { kills, batches }
  } finally {
    await browser.kill()
    served.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Opens all stores, which must have everything, and writes in all tabs. */
async function write(browser: BareBrowser, round: number, acknowledged: Acknowledged) {
  for (const durability of DURABILITIES) {
    const tabs = await Promise.all(Array.from({ length: TABS }, () => browser.open()))
    for (const tab of tabs) await check(tab, durability, acknowledged)
    for (const [at, tab] of tabs.entries()) {
      const keys = Array.from(
        { length: LANES },
        (_, lane) => `${durability}/${round}/${at}/${lane}`,
      )
      await tab.evaluate((names) => window.hand.start(names), keys)
    }
  }
}

async function check(
  tab: BareTab,
  durability: (typeof DURABILITIES)[number],
  acknowledged: Acknowledged,
): Promise<number> {
  await tab.evaluate((kind) => window.hand.open(kind, { durability: kind }), durability)
  return acknowledged.check(await tab.evaluate(() => window.hand.counts()), durability)
}

async function checkFile(tab: BareTab, file: string): Promise<void> {
  await writeFile(file, Uint8Array.from(await tab.evaluate(() => window.hand.database())))
  const store = openStore({ path: file })
  const { ok, problems } = await store.check()
  await store.close()
  if (!ok) throw new Fault(`${path.basename(file)} is damaged: ${JSON.stringify(problems)}`)
}
