import type { Store, Subscription } from "@tidemark/core"

/** The position at which a server has read, and whether a store has reached it. */
export class ServerPosition {
  readonly #epoch: string
  readonly #seq: number
  readonly #listeners = new Set<() => void>()
  #watching: Subscription | undefined

  constructor(epoch: string, seq: number) {
    this.#epoch = epoch
    this.#seq = seq
  }

  /** Whether a store will come to what the server has seen. Positions of different epochs do not compare. */
  isAheadOf(store: Store): boolean {
    return store.epoch === this.#epoch && store.position < this.#seq
  }

  /**
   * Calls back when a store that is behind has caught up. A live result alone does not tell: it
   * is silent when the changes up to here leave it as it was. The return value cancels.
   */
  whenReached(store: Store, listener: () => void): () => void {
    if (!this.isAheadOf(store)) return () => {}
    this.#listeners.add(listener)
    this.#watching ??= store.watch("*").subscribe(() => {
      if (!this.isAheadOf(store)) this.#reached()
    })
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#stop()
    }
  }

  #reached(): void {
    const listeners = [...this.#listeners]
    this.#listeners.clear()
    this.#stop()
    for (const listener of listeners) listener()
  }

  #stop(): void {
    this.#watching?.unsubscribe()
    this.#watching = undefined
  }
}
