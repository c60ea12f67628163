import type { DatabaseFile } from "@tidemark/core/sqlite"

/** The file of a database whose syncs end when a test says so. */
export class HeldFile implements DatabaseFile {
  /** How often it was synced, without the sync at opening. */
  syncs = 0
  closed = false
  /** Fails the sync at opening. */
  failure: Error | undefined
  /** Gives a hint that something has changed. */
  hint: () => void = () => {}
  /** Whether another file is at the path. */
  replaced = false
  #waiting: PromiseWithResolvers<void> | undefined

  syncAtOnce(): void {
    if (this.failure !== undefined) throw this.failure
  }

  sync(): Promise<void> {
    this.syncs++
    this.#waiting = Promise.withResolvers<void>()
    return this.#waiting.promise
  }

  watch(hint: () => void): () => void {
    this.hint = hint
    return () => {
      this.hint = () => {}
    }
  }

  isReplaced(): boolean {
    return this.replaced
  }

  close(): void {
    this.closed = true
  }

  /** Ends the sync that is under way, well or with an error. */
  release(failure?: Error): void {
    const waiting = this.#waiting
    if (waiting === undefined) throw new Error("No sync is under way")
    this.#waiting = undefined
    if (failure === undefined) waiting.resolve()
    else waiting.reject(failure)
  }
}
