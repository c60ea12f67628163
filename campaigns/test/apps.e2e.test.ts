import { type Browser, chromium } from "playwright"
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest"
import { QUIET } from "../../scripts/setup/browser.mjs"
import { serveNext } from "../src/apps/next.ts"
import { type ServedApp, serveVite } from "../src/apps/vite.ts"

/** Next is slow to build: `pnpm apps` runs it too. */
const all = process.env.TIDEMARK_APPS === "all"

/** A build takes minutes where others work. */
const patience = 600_000

type Serve = (signal: AbortSignal) => Promise<ServedApp>

const apps: readonly (readonly [name: string, serve: Serve])[] = [
  ["Vite, while it is developed", () => serveVite("developed")],
  ["Vite, as it is built", () => serveVite("built")],
  ...(all
    ? ([
        ["Next, while it is developed with Turbopack", (signal) => serveNext("developed", signal)],
        ["Next, as it is built by Turbopack", (signal) => serveNext("built", signal)],
        ["Next, as it is built by webpack", (signal) => serveNext("built by webpack", signal)],
      ] satisfies [string, Serve][])
    : []),
]

let browser: Browser
beforeAll(async () => {
  const executablePath = process.env.TIDEMARK_CHROMIUM
  browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: QUIET,
  })
})
afterAll(() => browser?.close())

describe("C6 the store of all tabs in an application that configures nothing for it", () => {
  for (const [name, serve] of apps) {
    it(`C6 finds its worker, and keeps what it is given, in one of ${name}`, {
      timeout: patience,
    }, async ({ signal }) => {
      const app = await serve(signal)
      onTestFinished(() => app.close())
      const context = await browser.newContext()
      onTestFinished(() => context.close())
      const page = await context.newPage()
      const faults: string[] = []
      page.on("pageerror", (error) => faults.push(String(error)))
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") faults.push(message.text())
      })
      await page.goto(app.url)
      await page.getByText("visit 1, kept on opfs").waitFor()
      await page.reload()
      await page.getByText("visit 2, kept on opfs").waitFor()
      expect(faults).toEqual([])
    })
  }
})
