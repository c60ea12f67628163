import { type BrowserContext, chromium, type Page } from "playwright"

/** A browser, and all that went wrong in its pages. */
export interface WatchedBrowser {
  readonly faults: string[]
  open(url: string): Promise<Page>
  close(): Promise<void>
}

/** Starts a browser that notes each error and warning, those of a hydration among them. */
export async function openBrowser(): Promise<WatchedBrowser> {
  const executablePath = process.env.TIDEMARK_CHROMIUM
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  })
  const context: BrowserContext = await browser.newContext()
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
    close: () => browser.close(),
  }
}
