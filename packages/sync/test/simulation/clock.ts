import type { Clock } from "@tidemark/core"

interface Timer {
  readonly due: number
  readonly callback: () => void
}

/** The time of a simulated world: it passes when the world says so, from one timer to the next. */
export class VirtualClock implements Clock {
  readonly #timers = new Set<Timer>()
  #now = 1_000_000

  now(): number {
    return this.#now
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { due: this.#now + Math.max(0, ms), callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Goes to the next timer and calls it; of those due together, the one that was set first. */
  step(): void {
    let next: Timer | undefined
    for (const timer of this.#timers) if (next === undefined || timer.due < next.due) next = timer
    if (next === undefined) return
    this.#timers.delete(next)
    this.#now = Math.max(this.#now, next.due)
    next.callback()
  }
}

/** A program that runs until it is killed: from then on no timer of its own is called. One that is frozen calls them when it goes on. */
export class Process implements Clock {
  readonly #clock: VirtualClock
  #isAlive = true
  #isFrozen = false
  #waiting: (() => void)[] = []

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  kill(): void {
    this.#isAlive = false
  }

  get isFrozen(): boolean {
    return this.#isFrozen
  }

  freeze(): void {
    this.#isFrozen = true
  }

  /** Goes on with what has come meanwhile. */
  thaw(): void {
    this.#isFrozen = false
    for (const work of this.#waiting.splice(0)) this.run(work)
  }

  /** Does something as soon as it can. */
  run(work: () => void): void {
    if (!this.#isAlive) return
    if (this.#isFrozen) this.#waiting.push(work)
    else work()
  }

  now(): number {
    return this.#clock.now()
  }

  after(ms: number, callback: () => void): () => void {
    let isCancelled = false
    const due = () => {
      if (!isCancelled) callback()
    }
    const cancel = this.#clock.after(ms, () => this.run(due))
    return () => {
      isCancelled = true
      cancel()
    }
  }
}

/**
 * Lets everything happen that is due now. A turn of the event loop begins when no promise has
 * anything left to do, and nothing in a simulated world waits for anything else but its clock.
 */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
