import type { Clock } from "@tidemark/core"
import { MISSED } from "./heartbeats.ts"

/**
 * Notices that nothing was heard for `MISSED` times an interval. It counts intervals rather than
 * measure time: a process that was frozen has missed one, however long it slept.
 */
export class Silence {
  readonly #clock: Clock
  readonly #fell: () => void
  #cancel: () => void = () => {}
  #missed = 0

  constructor(clock: Clock, fell: () => void) {
    this.#clock = clock
    this.#fell = fell
  }

  /** Listens from now on; `every` is in milliseconds. */
  start(every: number): void {
    this.end()
    this.#missed = 0
    this.#wait(every)
  }

  /** Something was heard. */
  heard(): void {
    this.#missed = 0
  }

  end(): void {
    this.#cancel()
  }

  #wait(every: number): void {
    this.#cancel = this.#clock.after(every, () => {
      this.#missed += 1
      if (this.#missed >= MISSED) this.#fell()
      else this.#wait(every)
    })
  }
}
