import type { Wakeup } from "./feed.ts"

/** The end of something that may have an end of its own and ends with what is around it. */
export class Ending {
  readonly #outer: Ending | undefined
  readonly #callbacks = new Set<Wakeup>()
  #position: number | undefined

  constructor(outer: Ending | undefined) {
    this.#outer = outer
  }

  /** The position at the end; `undefined` while it has not come. */
  get position(): number | undefined {
    return this.#position ?? this.#outer?.position
  }

  /** Calls back at the end; the result unsubscribes. */
  onEnd(callback: Wakeup): () => void {
    const forget = this.#outer?.onEnd(callback)
    this.#callbacks.add(callback)
    return () => {
      forget?.()
      this.#callbacks.delete(callback)
    }
  }

  /** Ends, at a position. Resolves when all have ended who can promise to. */
  async end(position: number): Promise<void> {
    if (this.position !== undefined) return
    this.#position = position
    await Promise.all([...this.#callbacks].map((callback) => callback()))
  }
}
