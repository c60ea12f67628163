import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { type BrowserContext, chromium, type Page } from "playwright"
import { launchOptions } from "../../../scripts/setup/browser.mjs"
import { Acknowledged } from "./acknowledged.ts"
import type {} from "./page.ts"
import { servePage } from "./served.ts"

const UNSAFE = "unsafe.test"

/** Tabs of one browser, with an account of what their writers were told. */
export interface Tabs {
  readonly context: BrowserContext
  readonly url: string
  /** The same page, neither on loopback nor over HTTPS. */
  readonly unsafeUrl: string
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
  // A name that is no loopback: what is shown there has none of the safe pages' rights.
  const unsafe = `--host-resolver-rules=MAP ${UNSAFE} 127.0.0.1`
  const context = await chromium.launchPersistentContext(folder, launchOptions(process.env, unsafe))
  const acknowledged = new Acknowledged()
  await context.exposeFunction("told", (key: string, value: number) => {
    acknowledged.take(key, value)
  })
  return {
    context,
    url: served.url,
    unsafeUrl: served.url.replace("127.0.0.1", UNSAFE),
    async open(name) {
      const page = await context.newPage()
      await page.goto(served.url)
      await page.evaluate((store) => window.hand.open(store), name)
      return page
    },
    async check(page, name) {
      return acknowledged.check(await page.evaluate(() => window.hand.counts()), name)
    },
    async close() {
      await context.close()
      served.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
