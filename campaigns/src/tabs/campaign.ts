import type { Page } from "playwright"
import { Random } from "../random.ts"
import { openTabs, type Tabs } from "./tabs.ts"

export interface TabsOptions {
  readonly kills: number
  readonly seed: number
  /** How many tabs write. Default 3. */
  readonly tabs?: number
  readonly progress?: (report: TabsReport) => void
}

export interface TabsReport {
  readonly kills: number
  /** How many batches the store has in the end; 0 before. */
  readonly batches: number
  /** How long other tabs waited for their next write after each kill, in milliseconds, in order of length. */
  readonly handovers: readonly number[]
}

/** How a leader can go. */
const WAYS = ["close", "crash", "reload", "leave", "worker", "freeze"] as const

/** So many writes of each tab are on their way at once. */
const LANES = 3

/**
 * Ends the tab that leads, or its worker, again and again while all tabs write, and then compares
 * the store with what the writers were told.
 *
 * @throws Fault for an acknowledged write that is lost, and for one that was applied twice.
 */
export async function killTabs(options: TabsOptions): Promise<TabsReport> {
  const tabs = await openTabs()
  try {
    return await new Campaign(tabs, options).run()
  } finally {
    await tabs.close()
  }
}

class Campaign {
  readonly #tabs: Tabs
  readonly #options: TabsOptions
  readonly #random: Random
  readonly #name: string
  readonly #handovers: number[] = []
  #pages: Page[] = []
  #writers = 0

  constructor(tabs: Tabs, options: TabsOptions) {
    this.#tabs = tabs
    this.#options = options
    this.#random = new Random(options.seed)
    this.#name = `kills-${options.seed}`
  }

  async run(): Promise<TabsReport> {
    const { kills, tabs = 3, progress } = this.#options
    for (let tab = 0; tab < tabs; tab++) await this.#openWriter()
    for (let kill = 1; kill <= kills; kill++) {
      await this.#killLeader()
      progress?.({ kills: kill, batches: 0, handovers: this.#handovers })
    }
    await Promise.all(this.#pages.map((page) => page.evaluate(() => window.hand.stop())))
    for (const page of this.#pages) await this.#tabs.check(page, this.#name)
    for (const page of this.#pages) await page.close()
    const last = await this.#tabs.open(this.#name)
    const batches = await this.#tabs.check(last, this.#name)
    return { kills, batches, handovers: this.#handovers.toSorted((a, b) => a - b) }
  }

  async #openWriter(): Promise<void> {
    const page = await this.#tabs.open(this.#name)
    await this.#write(page)
    this.#pages.push(page)
  }

  async #write(page: Page): Promise<void> {
    const writer = ++this.#writers
    const keys = Array.from({ length: LANES }, (_, lane) => `${this.#name}/${writer}/${lane}`)
    await page.evaluate((names) => window.hand.start(names), keys)
  }

  async #killLeader(): Promise<void> {
    const leader = await this.#leader()
    const others = this.#pages.filter((page) => page !== leader)
    // Somewhere in the middle of their writes.
    for (let count = this.#random.below(5); count >= 0; count--) {
      await others[0]?.evaluate(() => window.hand.probe())
    }
    const way = this.#random.of(WAYS)
    const start = performance.now()
    await this.#kill(leader, way)
    await Promise.all(others.map((page) => page.evaluate(() => window.hand.probe())))
    this.#handovers.push(performance.now() - start)
    if (way === "close" || way === "crash") {
      this.#pages = others
      await leader.close()
      await this.#openWriter()
    } else if (way === "reload" || way === "leave") {
      if (way === "leave") await leader.goBack()
      await leader.waitForFunction(() => "hand" in window)
      await leader.evaluate((name) => window.hand.open(name), this.#name)
      await this.#write(leader)
    } else if (way === "freeze") {
      await leader.evaluate(() => document.dispatchEvent(new Event("resume")))
    }
  }

  async #kill(leader: Page, way: (typeof WAYS)[number]): Promise<void> {
    if (way === "close") await leader.close()
    else if (way === "crash") await this.#crash(leader)
    else if (way === "leave") await leader.goto("about:blank")
    else if (way === "reload") await leader.reload({ waitUntil: "commit" })
    else if (way === "worker") await leader.evaluate(() => window.hand.killWorker())
    else await leader.evaluate(() => document.dispatchEvent(new Event("freeze")))
  }

  async #crash(page: Page): Promise<void> {
    const devtools = await this.#tabs.context.newCDPSession(page)
    const crashed = page.waitForEvent("crash")
    devtools.send("Page.crash").catch(() => {}) // Nobody is there to answer.
    await crashed
  }

  /** The tab that leads, as soon as there is one. */
  async #leader(): Promise<Page> {
    for (;;) {
      for (const page of this.#pages) {
        if ((await page.evaluate(() => window.hand.role())) === "leader") return page
      }
    }
  }
}
