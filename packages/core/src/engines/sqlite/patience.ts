import type { Awaitable } from "../../awaitable.ts"
import type { Clock } from "../../clock.ts"
import { StoreError } from "../../errors.ts"
import { stayAlive } from "../../host.ts"

/** The shortest and the longest pause between two tries, in milliseconds. */
const SHORTEST = 1
const LONGEST = 25

interface Turn {
  /** Throws what the step throws; nobody has been told then. */
  run(): void
  reject(error: unknown): void
  /** For how long it may still wait, in milliseconds. */
  left: number
}

/**
 * Waits for other processes that are in the way, without stopping the event loop: a step that
 * finds the database busy runs again after a short pause, until its time is over.
 */
export class Patience {
  readonly #clock: Clock
  readonly #timeout: number
  readonly #random: () => number
  #waiting: Turn[] = []
  #pauses = 0
  #letGo: () => void = () => {}

  /** `timeout` in milliseconds. `random` spreads the tries of several processes. */
  constructor(clock: Clock, timeout: number, random: () => number = Math.random) {
    this.#clock = clock
    this.#timeout = timeout
    this.#random = random
  }

  /** Runs a step at once, or as soon as nobody is in the way. @throws StoreError `busy` */
  attempt<T>(step: () => T): Awaitable<T> {
    try {
      return step()
    } catch (error) {
      if (!StoreError.is(error, "busy") || this.#timeout === 0) throw error
      return this.#wait(step)
    }
  }

  /** The same, but behind the steps that wait already: they keep their order. */
  inTurn<T>(step: () => T): Awaitable<T> {
    return this.#waiting.length === 0 ? this.attempt(step) : this.#wait(step)
  }

  #wait<T>(step: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = () => resolve(step())
      this.#waiting.push({ run, reject, left: this.#timeout })
      if (this.#waiting.length > 1) return
      // The clock alone would let the process end while a write waits.
      this.#letGo = stayAlive()
      this.#pause(this.#timeout)
    })
  }

  /** Counts what is waited, instead of looking at the time: clocks jump. */
  #pause(most: number): void {
    const spread = 0.5 + this.#random() / 2
    const growing = Math.min(SHORTEST * 1.5 ** this.#pauses++, LONGEST)
    const pause = Math.min(growing * spread, most)
    const waiting = [...this.#waiting] // Who comes during the pause has not waited for all of it.
    this.#clock.after(pause, () => {
      for (const turn of waiting) turn.left -= pause
      this.#runAll()
    })
  }

  #runAll(): void {
    for (let turn = this.#waiting[0]; turn !== undefined; turn = this.#waiting[0]) {
      try {
        turn.run()
        this.#pauses = 0
      } catch (error) {
        if (StoreError.is(error, "busy") && turn.left > 0) return this.#pause(turn.left)
        turn.reject(error)
      }
      this.#waiting.shift()
    }
    this.#pauses = 0
    this.#letGo()
  }
}

/** How long to sleep between two tries of opening, in milliseconds. */
const NAP = 5

/**
 * Runs a step again while it fails with `busy`, for at most `timeout` milliseconds, and sleeps
 * the thread in between: opening is done when it returns. SQLite's own patience is not used,
 * because a switch to WAL that meets another connection fails at once, whatever its timeout.
 */
export function whileBusy<T>(timeout: number, step: () => T): T {
  const end = Date.now() + timeout
  for (;;) {
    try {
      return step()
    } catch (error) {
      if (!StoreError.is(error, "busy") || Date.now() >= end) throw error
      sleep(NAP)
    }
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
