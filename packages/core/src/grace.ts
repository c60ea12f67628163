import type { Clock } from "./clock.ts"

/** Something that is kept for a while after its last use. */
export interface Idle {
  /** Nobody took it up again in time. */
  rest(): void
}

/**
 * Lets what is idle rest after some milliseconds, and before twice as many. One timer serves all:
 * a screen takes up and leaves thousands of results at once, and timers would cost more than these.
 */
export class Grace {
  readonly #clock: Clock
  readonly #ms: number
  /** What is idle since the timer was set, and what was so before. */
  #young = new Set<Idle>()
  #old = new Set<Idle>()
  #isWaiting = false

  constructor(clock: Clock, ms: number) {
    this.#clock = clock
    this.#ms = ms
  }

  /** It is idle from now on. */
  begin(idle: Idle): void {
    this.#young.add(idle)
    if (!this.#isWaiting) this.#wait()
  }

  /** It is used again. */
  cancel(idle: Idle): void {
    this.#young.delete(idle)
    this.#old.delete(idle)
  }

  #wait(): void {
    this.#isWaiting = true
    this.#clock.after(this.#ms, () => {
      const rested = this.#old
      this.#old = this.#young
      this.#young = new Set()
      this.#isWaiting = false
      if (this.#old.size > 0) this.#wait()
      for (const idle of rested) idle.rest()
    })
  }
}
