import { type Browser, type CDPSession, chromium, type Page } from "playwright"
import { launchOptions } from "../../../scripts/setup/browser.mjs"
import { type Files, pageOf, serveFiles } from "../pages.ts"
import type {} from "./page.tsx"

/** Milliseconds that a processor was at work: what else the machine does is not in them. */
export interface Work {
  /** All of the main thread: scripts, style, layout and paint. */
  readonly all: number
  readonly script: number
}

/** The page of one library in a real browser. */
export interface Tab {
  readonly page: Page
  /** The time that its main thread has been at work since it was opened. */
  work(): Promise<Work>
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
  const browser: Browser = await chromium.launch(
    launchOptions(process.env, "--disable-frame-rate-limit", "--js-flags=--expose-gc"),
  )
  return {
    version: browser.version(),
    async open(name) {
      const page = await browser.newPage()
      const errors: Error[] = []
      page.on("pageerror", (error) => errors.push(error))
      await page.goto(`${served.url}${name}`)
      const session = await page.context().newCDPSession(page)
      await session.send("Performance.enable", { timeDomain: "threadTicks" })
      return {
        page,
        work: () => workOf(session),
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

async function workOf(session: CDPSession): Promise<Work> {
  const { metrics } = await session.send("Performance.getMetrics")
  const metric = (asked: string) => {
    const { value = Number.NaN } = metrics.find(({ name }) => name === asked) ?? {}
    return value * 1000
  }
  return { all: metric("TaskDuration"), script: metric("ScriptDuration") }
}
