import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { type Browser, type CDPSession, chromium, type Page } from "playwright"
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
  const served = await serve(bundles)
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

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

/** With these, a page's clock has steps of 5 µs in place of 100. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
}

async function serve(
  bundles: ReadonlyMap<string, string>,
): Promise<{ url: string; close(): void }> {
  const server = createServer(({ url = "/" }, response) => {
    const [name = "", extension] = url.slice(1).split(".")
    const bundle = bundles.get(name)
    if (bundle === undefined) {
      response.writeHead(404).end()
      return
    }
    const isScript = extension === "js"
    const type = isScript ? "text/javascript" : "text/html"
    const html = `<!doctype html><meta charset="utf-8"><body><script type="module" src="/${name}.js"></script>`
    response.writeHead(200, { ...ISOLATED, "content-type": type }).end(isScript ? bundle : html)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function scriptTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics")
  const { value = Number.NaN } = metrics.find(({ name }) => name === "ScriptDuration") ?? {}
  return value * 1000
}
