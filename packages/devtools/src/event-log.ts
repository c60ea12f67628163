import type { Change } from "@tidemark/core"
import type { Readable } from "./cell.ts"

/** So many changes are kept; older ones leave. */
export const KEPT_EVENTS = 1_000

/** The newest changes of a store, oldest first. */
export class EventLog implements Readable<readonly Change[]> {
  readonly #listeners = new Set<() => void>()
  #changes: Change[] = []
  #shown: readonly Change[] | undefined

  add(change: Change): void {
    this.#changes.push(change)
    // Cut in large steps: cutting by one would move the whole array each time.
    if (this.#changes.length >= 2 * KEPT_EVENTS) this.#changes = this.#changes.slice(-KEPT_EVENTS)
    this.#tell()
  }

  clear(): void {
    this.#changes = []
    this.#tell()
  }

  get(): readonly Change[] {
    this.#shown ??= this.#changes.slice(-KEPT_EVENTS)
    return this.#shown
  }

  subscribe(listener: () => void): () => void {
    const entry = () => listener()
    this.#listeners.add(entry)
    return () => {
      this.#listeners.delete(entry)
    }
  }

  #tell(): void {
    // A burst tells once, until somebody looks again.
    if (this.#shown === undefined) return
    this.#shown = undefined
    for (const listener of [...this.#listeners]) listener()
  }
}
