import type { Clock } from "../clock.ts"
import { host } from "../host.ts"

// As the host has it, also where a test runner puts its own in place later.
const { setTimeout } = host

/**
 * A clock that stands still until a test lets time pass. Give it to every store of a test.
 *
 * @example
 * const clock = new TestClock()
 * const store = openStore({ clock })
 * await store.set("sessions", "s", {}, { ttl: 1_000 })
 * await clock.pass(1_000) // it has ended
 */
export class TestClock implements Clock {
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>()
  #now: number

  /** `now` in milliseconds since the epoch; the first moment of the year 2000 unless it is given. */
  constructor(now: number = Date.UTC(2000, 0, 1)) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /**
   * Lets so many milliseconds pass: calls what becomes due, in order, and each time lets everything
   * run that follows from it. `pass(0)` lets run what waits for no time at all.
   */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    await turn()
    for (;;) {
      const next = this.#nextUntil(end)
      if (next === undefined) break
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
      await turn()
    }
    this.#now = Math.max(this.#now, end)
  }

  #nextUntil(end: number) {
    let next: { readonly at: number; readonly callback: () => void } | undefined
    for (const timer of this.#timers) {
      if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer
    }
    return next
  }
}

/** Lets everything run that waits for nothing but its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0))
}
