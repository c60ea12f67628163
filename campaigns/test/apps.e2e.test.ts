import { type Browser, chromium, type Page } from "playwright"
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest"
import { launchOptions } from "../../scripts/setup/browser.mjs"
import { type AppParts, tasksApp, visitsApp } from "../src/apps/installed.ts"
import { serveNext } from "../src/apps/next.ts"
import { type ServedApp, serveVite } from "../src/apps/vite.ts"

/** Next is slow to build: `pnpm apps` runs it too. */
const all = process.env.TIDEMARK_APPS === "all"

/** A build takes minutes where others work. */
const patience = 600_000

type Serve = (signal: AbortSignal) => Promise<ServedApp>
type Modes = readonly (readonly [name: string, serve: Serve])[]

/** An application of Next, in all ways of running it. */
const nextModes = (app: AppParts): Modes => [
  ["while it is developed with Turbopack", (signal) => serveNext(app, "developed", signal)],
  ["as it is built by Turbopack", (signal) => serveNext(app, "built", signal)],
  ["as it is built by webpack", (signal) => serveNext(app, "built by webpack", signal)],
]

const visits: Modes = [
  ["Vite, while it is developed", () => serveVite("developed")],
  ["Vite, as it is built", () => serveVite("built")],
  ...(all ? nextModes(visitsApp("next", ["next", "react", "react-dom"])) : []).map(
    ([name, serve]) => [`Next, ${name}`, serve] as const,
  ),
]

let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch(launchOptions(process.env))
})
afterAll(() => browser?.close())

/** A page of an application, and all that goes wrong in it. */
async function open(url: string): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const faults: string[] = []
  page.on("pageerror", (error) => faults.push(String(error)))
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(message.text())
  })
  await page.goto(url)
  return { page, faults }
}

describe("C6 the store of all tabs in an application that configures nothing for it", () => {
  for (const [name, serve] of visits) {
    it(`C6 finds its worker, and keeps what it is given, in one of ${name}`, {
      timeout: patience,
    }, async ({ signal }) => {
      const app = await serve(signal)
      onTestFinished(() => app.close())
      const { page, faults } = await open(app.url)
      await page.getByText("visit 1, kept on opfs").waitFor()
      await page.reload()
      await page.getByText("visit 2, kept on opfs").waitFor()
      expect(faults).toEqual([])
    })
  }
})

describe.runIf(all)("C3 the helper for Next, installed", () => {
  for (const [name, serve] of nextModes(tasksApp())) {
    it(`C3 reads, hydrates, follows and acts in an application, ${name}`, {
      timeout: patience,
    }, async ({ signal }) => {
      const app = await serve(signal)
      onTestFinished(() => app.close())
      const html = await (await fetch(app.url)).text()
      expect([...html.matchAll(/<li>([^<]*)/g)].map(([, title]) => title)).toEqual([
        "Bread",
        "Milk",
      ])
      const plain = await fetch(new URL("plain", app.url), { method: "POST" })
      expect(await plain.text()).toBe("created") // By a driver that was found, not given.

      const [one, other] = [await open(app.url), await open(app.url)]
      for (const { page } of [one, other]) {
        await page.getByRole("button", { name: "More" }).click()
        await page.getByRole("listitem").filter({ hasText: "Tea" }).waitFor()
      }
      await one.page.getByLabel("Title").fill("Apples")
      await one.page.getByRole("button", { name: "Add" }).click()
      await other.page.getByRole("listitem").filter({ hasText: "Apples" }).waitFor()
      expect([...one.faults, ...other.faults]).toEqual([])
    })
  }
})
