import { statSync } from "node:fs"
import { openStore } from "@tidemark/core/better-sqlite3"
import { checkPages, follow } from "../inspect.ts"
import { Fault, Ledger } from "../ledger.ts"
import { contentOf, originText } from "../origin.ts"
import type { Random } from "../random.ts"
import { Victim } from "./victim.ts"

export interface SiteOptions {
  readonly path: string
  readonly durability: "full" | "process"
  readonly writers: number
  readonly cache: string
  readonly random: Random
}

/** One file, with the processes that write to it. */
export class Site {
  acknowledged = 0
  readonly #options: SiteOptions
  readonly #ledger = new Ledger()
  readonly #victims: Victim[]
  #fault: unknown
  #named = 0
  #checks = 0

  constructor(options: SiteOptions) {
    this.#options = options
    this.#victims = Array.from({ length: options.writers }, () => this.#start())
  }

  /** How many changes the file has. */
  get changes(): number {
    return this.#ledger.position
  }

  /** The size of the file, in bytes; 0 while there is none. */
  get bytes(): number {
    return statSync(this.#options.path, { throwIfNoEntry: false })?.size ?? 0
  }

  /** Kills one or more processes at a random moment, and puts others in their place; gives how many. */
  async strike(): Promise<number> {
    const { random } = this.#options
    const first = random.below(this.#victims.length)
    const chosen = this.#victims.map((_, index) => index === first || random.chance(0.3))
    await this.#moment(this.#victims[first])
    await Promise.all(this.#victims.filter((_, index) => chosen[index]).map((one) => one.kill()))
    await this.check("quick_check")
    for (const [index, killed] of chosen.entries()) {
      if (killed) this.#victims[index] = this.#start()
    }
    return chosen.filter((killed) => killed).length
  }

  /** Kills all that are left; gives how many. */
  async end(): Promise<number> {
    await Promise.all(this.#victims.map((victim) => victim.kill()))
    await this.check("integrity_check")
    return this.#victims.length
  }

  /** Ends all processes without a word, when something has already failed. */
  async abandon(): Promise<void> {
    await Promise.allSettled(this.#victims.map((victim) => victim.kill()))
  }

  /** The store opens, has everything that was acknowledged, in order and whole, and goes on. */
  async check(how: "quick_check" | "integrity_check"): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault
    const { path, durability } = this.#options
    const due = this.#ledger.due()
    const store = openStore({ path, durability })
    try {
      await follow(store, this.#ledger)
      const missing = new Set(this.#ledger.due())
      const lost = due.filter((name) => missing.has(name))
      if (lost.length > 0) throw new Fault(`acknowledged, and lost: ${lost.join(", ")}`)
      const batch = this.#checks++
      const origin = originText({ writer: "check", batch, size: 1 })
      const { seq } = await store.set("checks", "last", contentOf("check", batch, 0), { origin })
      this.#ledger.acknowledge("check", { batch, seq })
    } finally {
      await store.close()
    }
    checkPages(path, how)
  }

  #start(): Victim {
    const { path, durability, cache, random } = this.#options
    const name = `w${++this.#named}`
    const seed = random.below(2 ** 31)
    return new Victim({ path, name, durability, seed, cache }, (acknowledgement) => {
      this.acknowledged++
      try {
        this.#ledger.acknowledge(name, acknowledgement)
      } catch (fault) {
        this.#fault ??= fault
      }
    })
  }

  /** Now and then while a process still begins, else while it writes. */
  async #moment(victim: Victim | undefined): Promise<void> {
    const { random } = this.#options
    const early = random.chance(0.2)
    if (!early) await victim?.talking
    const wait = random.below(early ? 100 : 20)
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}
