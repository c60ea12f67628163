import { type Clock, StoreError } from "@tidemark/core"
import { DEADLINE } from "./deadlines.ts"

/** The wait for a tab's first state. It ends: with the state, with a refusal, or when nothing comes. */
export class Opening {
  readonly #clock: Clock
  readonly #patience: number
  readonly #refused: Promise<never>
  #refuse: (error: StoreError) => void = () => {}
  #isOver = false
  #cancel: () => void = () => {}

  /** Over `patience`, in milliseconds, the leader itself may wait for the storage. */
  constructor(clock: Clock, patience: number) {
    this.#clock = clock
    this.#patience = patience
    this.#refused = new Promise((_, reject) => {
      this.#refuse = reject
    })
    this.#refused.catch(() => {}) // Who waits hears of it.
    this.heard()
  }

  /** Something came: the wait for the next word begins. */
  heard(): void {
    this.#cancel()
    if (this.#isOver) return
    // Longer than a leader takes to give up: what that says is better than that nobody answers.
    const wait = this.#patience + 2 * DEADLINE
    this.#cancel = this.#clock.after(wait, () => this.refuse(noAnswer(wait)))
  }

  /** It cannot be done. */
  refuse(error: StoreError): void {
    this.#refuse(error)
  }

  /** Waits for the first state. @throws StoreError why there is none. */
  async until(state: Promise<unknown>): Promise<void> {
    try {
      await Promise.race([state, this.#refused])
    } finally {
      this.#isOver = true
      this.#cancel()
    }
  }
}

function noAnswer(wait: number): StoreError {
  return new StoreError("storage_unavailable", "The tab that holds the storage does not answer", {
    details: { reason: "locked", waitedMs: wait },
    hint: "Close the other tabs of this app, or reload them",
  })
}
