import { type Browser, type CDPSession, chromium, type Page } from "playwright"
import { type Files, pageOf, QUIET, serveFiles } from "../pages.ts"
import type {} from "./page.tsx"

/** The page of one library in a real browser. */
export interface Tab {
  readonly page: Page
  /** Milliseconds of script that the page has run. */
  scriptTime(): Promise<number>
  close(): Promise<void>
}

/** A browser, and what serves it the bundles. */
export interface Bench {
  readonly version: string
  open(name: string): Promise<Tab>
  close(): Promise<void>
}

/** Starts Chromium with frames as fast as they are made, so that nothing waits for a screen's next one. */
export async function openBench(bundles: ReadonlyMap<string, string>): Promise<Bench> {
  const served = await serveFiles(filesOf(bundles))
  const executablePath = process.env.TIDEMARK_CHROMIUM
  const browser: Browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [...QUIET, "--disable-frame-rate-limit", "--js-flags=--expose-gc"],
  })
  return {
    version: browser.version(),
    async open(name) {
      const page = await browser.newPage()
      const errors: Error[] = []
      page.on("pageerror", (error) => errors.push(error))
      await page.goto(`${served.url}${name}`)
      const session = await page.context().newCDPSession(page)
      await session.send("Performance.enable")
      return {
        page,
        scriptTime: () => scriptTime(session),
        async close() {
          await page.close()
          for (const error of errors) throw error
        },
      }
    },
    async close() {
      await browser.close()
      served.close()
    },
  }
}

function filesOf(bundles: ReadonlyMap<string, string>): Files {
  const files = [...bundles].flatMap(([name, body]) => [
    [name, pageOf(`${name}.js`)] as const,
    [`${name}.js`, { type: "text/javascript", body }] as const,
  ])
  return new Map(files)
}

async function scriptTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics")
  const { value = Number.NaN } = metrics.find(({ name }) => name === "ScriptDuration") ?? {}
  return value * 1000
}
