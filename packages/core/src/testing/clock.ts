import type { Clock } from "../clock.ts"
import type { StoreOptions } from "../store-options.ts"
import type { ContractCase, OpenStore } from "./case.ts"

/** A clock that moves only when a case moves it. */
export class CaseClock implements Clock {
  /** The longest wait that was asked for, in milliseconds. */
  longest = 0
  #elapsed = 0
  #offset = 1_000_000
  readonly #timers = new Set<{ readonly due: number; readonly callback: () => void }>()

  now(): number {
    return this.#elapsed + this.#offset
  }

  after(ms: number, callback: () => void): () => void {
    this.longest = Math.max(this.longest, ms)
    const timer = { due: this.#elapsed + ms, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Lets time pass, and calls what becomes due. */
  pass(ms: number): void {
    const end = this.#elapsed + ms
    for (;;) {
      const [next] = [...this.#timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)
      if (next === undefined) break
      this.#timers.delete(next)
      this.#elapsed = Math.max(this.#elapsed, next.due)
      next.callback()
    }
    this.#elapsed = end
  }

  /** Sets the time forth or back, and calls nothing: the machine slept, or its clock was set. */
  jump(ms: number): void {
    this.#offset += ms
  }
}

/** A case on one store with a clock of the case's own. */
export function clockCase(
  name: string,
  check: (store: Awaited<ReturnType<OpenStore>>, clock: CaseClock) => Promise<void>,
  options: StoreOptions = {},
): ContractCase {
  return {
    name,
    async run(open) {
      const clock = new CaseClock()
      const store = await open({ clock, ...options })
      try {
        await check(store, clock)
      } finally {
        await store.close()
      }
    },
  }
}
