import { readFileSync } from "node:fs"
import path from "node:path"
import type { MessagePort } from "node:worker_threads"
import { type Browser, type BrowserContext, chromium, type Page } from "playwright"
import { launchOptions } from "../../../../scripts/setup/browser.mjs"
import { PAGE_ORIGIN, PAGE_SCHEME } from "../../src/main/pages.ts"
import { FakeElectron } from "./electron.ts"
import { type PageMessage, pageScript, type ToPage } from "./page-script.ts"
import type { FakeWindow } from "./window.ts"

/** Where Chromium finds the pages: it does not know the application's own scheme. */
export const ORIGIN = "https://notes.invalid"

export function launchChromium(): Promise<Browser> {
  return chromium.launch(launchOptions(process.env))
}

/** An Electron whose windows are pages of a real Chromium, with the built preload script in them. */
export class ChromiumElectron extends FakeElectron {
  readonly context: BrowserContext
  readonly pages: Map<FakeWindow, Page> = new Map()
  /** What went wrong in a page: errors, and what the content security policy has refused. */
  readonly complaints: string[] = []
  readonly #preload: string

  constructor(context: BrowserContext, options: { userData: string; built: string }) {
    super({ userData: options.userData, load: (window, url) => this.#show(window, url) })
    this.context = context
    this.#preload = readFileSync(path.join(options.built, "preload.cjs"), "utf8")
  }

  /** The page of the only window, or of the one with an index, once it is there. */
  page(index = 0): Page {
    const page = [...this.pages.values()][index]
    if (page === undefined) throw new Error(`There is no page ${index}`)
    return page
  }

  windowOf(page: Page): FakeWindow {
    for (const [window, shown] of this.pages) if (shown === page) return window
    throw new Error("This page has no window")
  }

  async #show(window: FakeWindow, url: string): Promise<void> {
    const page = await this.context.newPage()
    const { width, height } = window.bounds
    await page.setViewportSize({ width, height })
    page.on("pageerror", (error) => this.complaints.push(String(error)))
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text())
    })
    await page.route(`${ORIGIN}/**`, async (route) => {
      const asked = route.request().url().replace(ORIGIN, PAGE_ORIGIN)
      const answer = await this.schemes.get(PAGE_SCHEME)?.(new Request(asked))
      if (answer === undefined) return route.abort()
      const body = Buffer.from(await answer.arrayBuffer())
      await route.fulfill({
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body,
      })
    })
    const ports = new Map<number, MessagePort>()
    // One after the other: what is posted to a page must arrive in its order.
    let posting: Promise<unknown> = Promise.resolve()
    const post = (message: ToPage) => {
      const deliver = () => page.evaluate((told) => __fromMain(told), message)
      posting = posting.then(deliver).catch(() => {}) // The page has closed.
    }
    let count = 0
    const { mainFrame } = window.webContents
    mainFrame.deliver = (channel, message, transferred) => {
      const ids = transferred.map((port) => {
        const id = count++
        ports.set(id, port)
        port.on("message", (data) => post({ type: "port", id, data }))
        port.on("close", () => post({ type: "close", id }))
        return id
      })
      post({ type: "ipc", channel, message, ports: ids })
    }
    await page.exposeFunction("__toMain", (message: PageMessage) => {
      if (message.type === "port") ports.get(message.id)?.postMessage(message.data)
      else
        this.send(
          { sender: window.webContents, senderFrame: mainFrame },
          message.channel,
          ...message.args,
        )
    })
    const argv = window.options.webPreferences?.additionalArguments ?? []
    await page.addInitScript({ content: pageScript(this.#preload, argv) })
    window.leaving.push(() => {
      for (const port of ports.values()) port.close()
      this.pages.delete(window)
      page.close().catch(() => {}) // The browser may be gone.
    })
    this.pages.set(window, page)
    mainFrame.url = url
    await page.goto(url)
  }
}

/** In a page: takes a message from main. */
declare function __fromMain(message: ToPage): void
