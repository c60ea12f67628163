import type { Clock } from "@tidemark/core"
import type { HostileOptions } from "./hostile.ts"

interface WayOptions extends HostileOptions {
  readonly random: () => number
  readonly clock: Clock
  /** Ends the link. */
  readonly end: () => void
}

/** One direction of a link, and what becomes of the messages that go it. */
export class HostileWay {
  readonly #options: WayOptions
  /** Those that keep their order: whichever timer fires brings the first of them. */
  readonly #turns: (() => void)[] = []
  #last = 0

  constructor(options: WayOptions) {
    this.#options = options
  }

  carry(deliver: () => void): void {
    const { cut = 0, drop = 0, double = 0 } = this.#options
    if (this.#happens(cut)) return this.#options.end()
    if (this.#happens(drop)) return
    this.#send(deliver)
    if (this.#happens(double)) this.#send(deliver)
  }

  #send(deliver: () => void): void {
    const { clock, reorder = 0 } = this.#options
    if (this.#happens(reorder)) {
      clock.after(this.#delay(), deliver)
      return
    }
    this.#last = Math.max(this.#last, clock.now() + this.#delay())
    this.#turns.push(deliver)
    clock.after(Math.max(0, this.#last - clock.now()), () => this.#turns.shift()?.())
  }

  #delay(): number {
    return this.#options.random() * (this.#options.delay ?? 0)
  }

  #happens(probability: number): boolean {
    return this.#options.random() < probability
  }
}
