import type { Clock } from "./clock.ts"

/**
 * At the latest after so many milliseconds the clock is looked at again: it may jump, and while a
 * laptop sleeps, timers stand still. No timer could wait for years either.
 */
const LONGEST = 60_000

/** Rings when a clock reaches a time. It may ring too early, so who hears it looks at the clock. */
export class Alarm {
  readonly #clock: Clock
  readonly #ring: () => void
  #time = Number.POSITIVE_INFINITY
  /** When the timer calls, as the clock stood when it was set. */
  #due = Number.POSITIVE_INFINITY
  #cancel: () => void = () => {}

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** Rings at this time, unless an earlier one is set. After that nothing is set. */
  set(time: number): void {
    if (time >= this.#time) return
    this.#time = time
    const now = this.#clock.now()
    const wait = Math.min(Math.max(time - now, 0), LONGEST)
    if (now + wait >= this.#due) return
    this.#cancel()
    this.#due = now + wait
    this.#cancel = this.#clock.after(wait, () => {
      this.clear()
      this.#ring()
    })
  }

  /** Does not ring any more, until it is set again. */
  clear(): void {
    this.#cancel()
    this.#cancel = () => {}
    this.#time = Number.POSITIVE_INFINITY
    this.#due = Number.POSITIVE_INFINITY
  }
}
