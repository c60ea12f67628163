import { type Browser, chromium, type Page } from "playwright"
import { launchOptions } from "../../../scripts/setup/browser.mjs"

/** A browser, and all that went wrong in its pages. */
export interface WatchedBrowser {
  readonly faults: string[]
  open(url: string): Promise<Page>
  /** Closes all pages: each holds one of the six connections that a browser allows a server. */
  closePages(): Promise<void>
  close(): Promise<void>
}

/** Starts a browser that notes each error and warning, those of a hydration among them. */
export async function openBrowser(): Promise<WatchedBrowser> {
  const browser: Browser = await chromium.launch(launchOptions(process.env))
  const context = await browser.newContext()
  context.setDefaultTimeout(60_000)
  const faults: string[] = []
  return {
    faults,
    async open(url) {
      const page = await context.newPage()
      page.on("pageerror", (error) => faults.push(String(error)))
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") faults.push(message.text())
      })
      await page.goto(url)
      return page
    },
    async closePages() {
      await Promise.all(context.pages().map((page) => page.close()))
    },
    close: () => browser.close(),
  }
}
