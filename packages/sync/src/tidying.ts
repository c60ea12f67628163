import type { Clock } from "@tidemark/core"
import { backoff } from "./backoff.ts"

export interface TidyingOptions {
  readonly clock: Clock
  readonly random: () => number
  readonly report: (error: unknown) => void
}

/** What an outbox is to forget or to become: one after the other, each after what it rests on. */
export class Tidying {
  readonly #options: TidyingOptions
  #work: Promise<void> = Promise.resolve()
  #isEnded = false
  /** Ends a wait. */
  #wake: () => void = () => {}

  constructor(options: TidyingOptions) {
    this.#options = options
  }

  /** Does something after all that was asked for before. What fails is reported. */
  add(work: () => Promise<void>): void {
    this.#then(work).catch(this.#options.report)
  }

  /** Does something, after a failure again after a while, and again, until it succeeds or the replica is closed. */
  insist(work: () => Promise<void>): Promise<void> {
    return this.#then(() => this.#insist(work))
  }

  /** Resolves when all is done; what fails from now on is not tried again. */
  async end(): Promise<void> {
    this.#isEnded = true
    this.#wake()
    await this.#work
  }

  #then(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work)
    this.#work = done.catch(() => {}) // Who asked for it tells.
    return done
  }

  async #insist(work: () => Promise<void>): Promise<void> {
    const { clock, random, report } = this.#options
    for (let failures = 0; ; failures++) {
      try {
        return await work()
      } catch (error) {
        if (this.#isEnded) throw error
        report(error)
        let cancel = () => {}
        await new Promise<void>((resolve) => {
          this.#wake = resolve
          cancel = clock.after(backoff(failures, random), resolve)
        })
        cancel()
        if (this.#isEnded) throw error
      }
    }
  }
}
