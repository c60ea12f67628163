import type { Clock } from "@tidemark/core"

/** A clock that moves only when a test moves it. */
export class StepClock implements Clock {
  readonly #timers = new Set<{ readonly due: number; readonly callback: () => void }>()
  #now = 1_000_000

  now(): number {
    return this.#now
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { due: this.#now + ms, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Lets time pass, and calls what becomes due, the earliest first. */
  pass(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.due <= end)
      if (due.length === 0) break
      const next = due.reduce((first, timer) => (timer.due < first.due ? timer : first))
      this.#timers.delete(next)
      this.#now = next.due
      next.callback()
    }
    this.#now = end
  }

  /** Lets time pass in steps, each as long as a turn of the event loop, until a condition holds. */
  async until(condition: () => boolean | Promise<boolean>, step = 50): Promise<void> {
    while (!(await condition())) {
      this.pass(step)
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
  }
}
