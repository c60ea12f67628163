import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { type BrowserContext, chromium, type Page } from "playwright"
import { Fault } from "../ledger.ts"
import type {} from "./page.ts"
import { servePage } from "./served.ts"

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

/** Tabs of one browser, with an account of what their writers were told. */
export interface Tabs {
  readonly context: BrowserContext
  readonly url: string
  /** Opens a tab with the store of a name. */
  open(name: string): Promise<Page>
  /**
   * Compares a tab with what was acknowledged under keys that begin with its store's name. Gives
   * the number of batches.
   * @throws Fault for a write that is lost, or was applied twice.
   */
  check(page: Page, name: string): Promise<number>
  close(): Promise<void>
}

/** Starts a browser with an empty profile. */
export async function openTabs(): Promise<Tabs> {
  const served = await servePage()
  const folder = await mkdtemp(path.join(tmpdir(), "tidemark-tabs-"))
  const executablePath = process.env.TIDEMARK_CHROMIUM
  const context = await chromium.launchPersistentContext(folder, {
    ...(executablePath === undefined ? {} : { executablePath }),
    args: QUIET,
  })
  /** The greatest acknowledged value of each key. */
  const acknowledged = new Map<string, number>()
  await context.exposeFunction("told", (key: string, value: number) => {
    acknowledged.set(key, Math.max(value, acknowledged.get(key) ?? 0))
  })
  return {
    context,
    url: served.url,
    async open(name) {
      const page = await context.newPage()
      await page.goto(served.url)
      await page.evaluate((store) => window.hand.open(store), name)
      return page
    },
    async check(page, name) {
      const counts = await page.evaluate(() => window.hand.counts())
      const found = new Map(counts.map(([key, value]) => [key, value]))
      for (const [key, value] of acknowledged) {
        if (!key.startsWith(`${name}/`)) continue
        const has = found.get(key) ?? 0
        if (has < value) throw new Fault(`${key} is at ${has}, and ${value} was acknowledged`)
      }
      for (const [key, value, version] of counts) {
        if (version === 2 * value - 1) continue
        throw new Fault(`${key} is at ${value} in version ${version}: some batch applied twice`)
      }
      return counts.reduce((sum, [, value]) => sum + value, 0)
    },
    async close() {
      await context.close()
      served.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
