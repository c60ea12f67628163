import type { Change } from "@tidemark/core"
import { Cell, type Readable } from "./cell.ts"
import { type Failure, failureOf, isClosed } from "./failure.ts"
import type { Inspector } from "./inspector.ts"
import { Pace } from "./pace.ts"

/** What was read last, and why reading again failed, if it did. */
export interface Reading<T> {
  readonly value: T | undefined
  readonly failure: Failure | undefined
}

/** Something read from the store, and read again after changes that may have made it another. */
export class Refreshed<T> implements Readable<Reading<T>> {
  readonly #inspector: Inspector
  readonly #wants: (change: Change | undefined) => boolean
  readonly #pace: Pace
  readonly #reading = new Cell<Reading<T>>({ value: undefined, failure: undefined })

  /** `wants` tells which changes matter; `undefined` stands for a change among pending writes. */
  constructor(
    inspector: Inspector,
    load: () => Promise<T>,
    wants: (change: Change | undefined) => boolean,
  ) {
    this.#inspector = inspector
    this.#wants = wants
    this.#pace = new Pace(() => this.#refresh(load))
  }

  get(): Reading<T> {
    return this.#reading.get()
  }

  subscribe(listener: () => void): () => void {
    return this.#reading.subscribe(listener)
  }

  /** Reads, and reads again until the return value is called. */
  start(): () => void {
    const forget = this.#inspector.onChange((change) => {
      if (this.#wants(change)) this.#pace.ask()
    })
    this.#pace.ask()
    return () => {
      forget()
      this.#pace.stop()
    }
  }

  async #refresh(load: () => Promise<T>): Promise<void> {
    try {
      this.#reading.set({ value: await load(), failure: undefined })
    } catch (error) {
      // That the store is closed is said elsewhere; what was read last stays.
      const failure = isClosed(error) ? undefined : failureOf(error)
      this.#reading.set({ value: this.get().value, failure })
    }
  }
}
