import type { Clock } from "../clock.ts"
import { type Host, host } from "../host.ts"

// As the host has them, also where a test runner puts its own in place later.
const { setTimeout, setImmediate } = host as Host & {
  setImmediate?(callback: () => void): unknown
}

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

  /** How many calls are still to come. */
  get timers(): number {
    return this.#timers.size
  }

  /**
   * Lets so many milliseconds pass: calls what becomes due, in order, and each time lets everything
   * run that follows from it. `pass(0)` lets run what waits for no time at all.
   */
  pass(ms: number): Promise<void> {
    return this.#pass(ms, turn)
  }

  /**
   * Lets time pass in steps of some milliseconds until a condition holds, for as long as that takes:
   * for what waits for more than this clock, such as a message to another thread.
   *
   * @example
   * await clock.until(() => replica.status.get().connection === "live")
   */
  async until(condition: () => boolean | Promise<boolean>, step: number = 50): Promise<void> {
    while (!(await condition())) await this.#pass(step, shortTurn)
  }

  async #pass(ms: number, turn: () => Promise<void>): Promise<void> {
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

/** A turn that costs no millisecond where the host has such: who asks again misses nothing. */
function shortTurn(): Promise<void> {
  return setImmediate === undefined ? turn() : new Promise((resolve) => void setImmediate(resolve))
}
