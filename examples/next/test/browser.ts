import path from "node:path"
import { type BrowserContext, chromium, type Page } from "playwright"
import { launchOptions } from "../../../scripts/setup/browser.mjs"

/** What a browser says of a server that is not there, or is leaving; all else in its console is a fault. */
const NO_SERVER =
  /net::ERR_(CONNECTION_|INCOMPLETE_CHUNKED|EMPTY_RESPONSE|NETWORK)|status of 503 \(Service Unavailable\)/

/** A browser with a profile of its own, and all that went wrong in its pages. */
export interface Browser {
  readonly context: BrowserContext
  readonly faults: string[]
  open(url: string): Promise<Page>
  closePages(): Promise<void>
  close(): Promise<void>
}

/** Starts a browser whose profile is in a folder. */
export async function openBrowser(folder: string, name: string): Promise<Browser> {
  const context = await chromium.launchPersistentContext(path.join(folder, name), {
    ...launchOptions(process.env),
    viewport: { width: 1200, height: 800 },
  })
  context.setDefaultTimeout(30_000)
  const faults: string[] = []
  return {
    context,
    faults,
    async open(url) {
      const page = await context.newPage()
      page.on("pageerror", (error) => faults.push(String(error)))
      page.on("console", (message) => {
        const isFault = message.type() === "error" || message.type() === "warning"
        if (isFault && !NO_SERVER.test(message.text())) faults.push(message.text())
      })
      await page.goto(url)
      return page
    },
    async closePages() {
      for (const page of context.pages()) await page.close()
    },
    close: () => context.close(),
  }
}

/** Waits until the page has its own copy and follows the server. */
export async function live(page: Page): Promise<void> {
  await page
    .getByRole("status")
    .filter({ hasText: /^Live$/ })
    .waitFor()
}

/** Waits until the page knows that there is no server. */
export async function offline(page: Page): Promise<void> {
  await page
    .getByRole("status")
    .filter({ hasText: /^Offline$/ })
    .waitFor()
}

/** Searches for a place and opens the first that is found. */
export async function openPlace(page: Page, name: string): Promise<void> {
  await page.getByRole("searchbox").fill(name)
  await page.getByRole("row").filter({ hasText: name }).first().click()
  await page.getByRole("heading", { level: 2, name }).waitFor()
}
