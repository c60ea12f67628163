import { spawn } from "node:child_process"
import { once } from "node:events"
import type { Readable, Writable } from "node:stream"
import { chromium } from "playwright"
import { QUIET } from "../../../scripts/setup/browser.mjs"
import type { Acknowledged } from "./acknowledged.ts"
import { Devtools } from "./devtools.ts"
import type {} from "./page.ts"

/**
 * A browser without Playwright, which keeps its pages visible and so cannot have one frozen, and
 * which ends a browser more gently than a power user with `kill -9`.
 */
export class BareBrowser {
  readonly #devtools: Devtools
  readonly #url: string
  readonly #acknowledged: Acknowledged
  readonly #pid: number
  readonly #ended: Promise<unknown>

  private constructor(
    devtools: Devtools,
    pid: number,
    ended: Promise<unknown>,
    options: { readonly url: string; readonly acknowledged: Acknowledged },
  ) {
    this.#devtools = devtools
    this.#pid = pid
    this.#ended = ended
    this.#url = options.url
    this.#acknowledged = options.acknowledged
  }

  /** Starts it with the profile of a folder; its tabs show the page at `url`. */
  static async start(
    folder: string,
    options: { readonly url: string; readonly acknowledged: Acknowledged },
  ): Promise<BareBrowser> {
    const flags = ["--headless", "--remote-debugging-pipe", `--user-data-dir=${folder}`, ...QUIET]
    const browser = spawn(await executable(), [...flags, "about:blank"], {
      // A group of its own, so that all its processes can be killed at once.
      detached: true,
      stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
    })
    browser.stderr?.resume()
    // All its processes write there: it is closed when the last one is gone.
    const ended = once(browser, "close")
    const devtools = new Devtools(browser.stdio[3] as Writable, browser.stdio[4] as Readable)
    await devtools.ask("Browser.getVersion")
    return new BareBrowser(devtools, browser.pid as number, ended, options)
  }

  /** Opens a tab. */
  async open(): Promise<BareTab> {
    const { targetId } = await this.#devtools.ask<{ targetId: string }>("Target.createTarget", {
      url: "about:blank",
    })
    const { sessionId } = await this.#devtools.ask<{ sessionId: string }>("Target.attachToTarget", {
      targetId,
      flatten: true,
    })
    const tab = new BareTab(this.#devtools, sessionId, this.#acknowledged)
    await tab.show(this.#url)
    return tab
  }

  /** Ends all its processes at once, without a warning. */
  async kill(): Promise<void> {
    process.kill(-this.#pid, "SIGKILL")
    await this.#ended
  }

  async close(): Promise<void> {
    await this.#devtools.ask("Browser.close")
    await this.#ended
  }
}

/** A tab of it. */
export class BareTab {
  readonly #devtools: Devtools
  readonly #session: string
  #shown: () => void = () => {}

  constructor(devtools: Devtools, session: string, acknowledged: Acknowledged) {
    this.#devtools = devtools
    this.#session = session
    devtools.listen(session, (method, { name, payload }) => {
      if (method === "Page.loadEventFired") this.#shown()
      if (method !== "Runtime.bindingCalled" || name !== "tell") return
      const [key, value] = JSON.parse(payload as string) as [string, number]
      acknowledged.take(key, value)
    })
  }

  /** Goes to a page, and waits until that is loaded. */
  async show(url: string): Promise<void> {
    await this.ask("Page.enable")
    await this.ask("Runtime.enable")
    await this.ask("Runtime.addBinding", { name: "tell" })
    await this.ask("Page.addScriptToEvaluateOnNewDocument", {
      source: "globalThis.told = async (...acknowledged) => tell(JSON.stringify(acknowledged))",
    })
    await this.#going("Page.navigate", { url })
  }

  /** Goes to another page, and back to the one before. */
  async leaveAndReturn(url: string): Promise<void> {
    const { currentIndex, entries } = await this.ask<{
      readonly currentIndex: number
      readonly entries: readonly { readonly id: number }[]
    }>("Page.getNavigationHistory")
    await this.#going("Page.navigate", { url })
    await this.#going("Page.navigateToHistoryEntry", { entryId: entries[currentIndex]?.id })
  }

  /** Runs a function in the page; gives what it, or its promise, comes to. */
  async evaluate<Args extends readonly unknown[], Value>(
    work: (...args: Args) => Value | Promise<Value>,
    ...args: Args
  ): Promise<Value> {
    const { result, exceptionDetails } = await this.ask<{
      readonly result: { readonly value: Value; readonly description?: string }
      readonly exceptionDetails?: object
    }>("Runtime.evaluate", {
      expression: `(${work})(...${JSON.stringify(args)})`,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails !== undefined) throw new Error(result.description)
    return result.value
  }

  /** Asks the developer tools about this tab. */
  ask<Answer>(method: string, params: object = {}): Promise<Answer> {
    return this.#devtools.ask<Answer>(method, params, this.#session)
  }

  async #going(method: string, params: object): Promise<void> {
    const shown = new Promise<void>((resolve) => {
      this.#shown = resolve
    })
    await this.ask(method, params)
    await shown
  }
}

/** The browser that Playwright would start. */
async function executable(): Promise<string> {
  const named = process.env.TIDEMARK_CHROMIUM
  if (named !== undefined) return named
  const server = await chromium.launchServer({ args: QUIET })
  const { spawnfile } = server.process()
  await server.close()
  return spawnfile
}
