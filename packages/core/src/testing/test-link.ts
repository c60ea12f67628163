import type { Awaitable } from "../awaitable.ts"
import type { Clock } from "../clock.ts"
import { StoreError } from "../errors.ts"

/** How long reads and writes take, in milliseconds of the clock; a number is both. */
export type Latency = number | { readonly reads?: number; readonly writes?: number }

/** The way from a test store to what stores: how long it takes, and whether it is there. */
export class TestLink {
  readonly #clock: Clock
  /** Who waits for the link, and who waits for anything. */
  readonly #held = new Set<() => void>()
  readonly #waiting = new Set<() => void>()
  #reads = 0
  #writes = 0
  #isOffline = false
  #isEnded = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get isOffline(): boolean {
    return this.#isOffline
  }

  set latency(latency: Latency) {
    const { reads = 0, writes = 0 } =
      typeof latency === "number" ? { reads: latency, writes: latency } : latency
    this.#reads = reads
    this.#writes = writes
  }

  /** How long a write takes. */
  get writeLatency(): number {
    return this.#writes
  }

  cut(): void {
    this.#isOffline = true
  }

  restore(): void {
    this.#isOffline = false
    for (const wake of [...this.#held]) wake()
  }

  /** Nothing arrives any more: who still waits gets `closed`. */
  end(): void {
    this.#isEnded = true
    for (const wake of [...this.#waiting]) wake()
  }

  /** Reads when the time of a read has passed. */
  read<T>(call: () => T): Awaitable<T> {
    if (this.#reads === 0) return call()
    return this.#pass(this.#reads).then(call)
  }

  /** What a write has to wait for before it arrives; `undefined` for nothing. */
  writing(needsLink: boolean): Promise<void> | undefined {
    const isHeld = needsLink && this.#isOffline
    return this.#writes === 0 && !isHeld ? undefined : this.#travel(needsLink)
  }

  async #travel(needsLink: boolean): Promise<void> {
    if (this.#writes > 0) await this.#pass(this.#writes)
    while (needsLink && this.#isOffline) await this.#untilRestored()
  }

  #pass(ms: number): Promise<void> {
    return this.#waken((wake) => this.#clock.after(ms, wake))
  }

  #untilRestored(): Promise<void> {
    return this.#waken((wake) => {
      this.#held.add(wake)
      return () => this.#held.delete(wake)
    })
  }

  /** Waits until it is woken. `begin` is told how, and gives what calls that off. */
  async #waken(begin: (wake: () => void) => () => void): Promise<void> {
    if (!this.#isEnded) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const cancel = begin(resolve)
      this.#waiting.add(resolve)
      await promise
      this.#waiting.delete(resolve)
      cancel()
    }
    if (!this.#isEnded) return
    throw new StoreError("closed", "The test store was closed while this was on its way", {
      hint: "Let time pass, or go online, before it is closed",
    })
  }
}
