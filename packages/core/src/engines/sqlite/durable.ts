import { StoreError } from "../../errors.ts"
import type { DatabaseFile } from "./database-file.ts"

interface Waiting {
  readonly to: number
  resolve(): void
  reject(error: StoreError): void
}

/**
 * Makes commits durable without holding up the event loop: one sync for all that wait. What is
 * committed while a sync is under way waits for the next one.
 */
export class Durable {
  readonly #file: DatabaseFile
  #reached = 0
  #waiting: Waiting[] = []
  #syncing: Promise<void> | undefined
  #failure: StoreError | undefined

  /**
   * Begins with what opening has found, up to a position: made durable at once, because another
   * process may have ended between its commit and its sync.
   */
  constructor(file: DatabaseFile, found: number) {
    this.#file = file
    this.restart(found)
  }

  /**
   * Begins again with what was found, up to a position: the database was replaced.
   * @throws StoreError `busy` while a sync is under way, `storage_unavailable`
   */
  restart(found: number): void {
    if (this.#syncing !== undefined) throw new StoreError("busy", "A sync is under way")
    try {
      this.#file.syncAtOnce()
    } catch (cause) {
      throw unconfirmed("The database was found", cause)
    }
    this.#reached = found
  }

  /** Whether everything up to a position is known to be durable. */
  has(position: number): boolean {
    return position <= this.#reached
  }

  /**
   * Resolves when what is committed now, up to this position, is durable.
   * @throws StoreError `storage_unavailable` when the disk did not confirm it.
   */
  reach(position: number): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ to: position, resolve, reject })
      this.#syncing ??= this.#run()
    })
  }

  /**
   * After a sync that failed nothing more is written: the next one may succeed although the
   * system has given up what the first one could not write.
   *
   * @throws StoreError `storage_unavailable`
   */
  check(): void {
    const failure = this.#failure
    if (failure === undefined) return
    throw new StoreError("storage_unavailable", "The disk has failed; nothing was written", {
      details: failure.details,
      hint: "Check the disk: the store tries it again, and its status tells when it is well",
      cause: failure,
    })
  }

  /** Goes on after a failure: everything up to a position has been made durable by other means. */
  restored(position: number): void {
    this.#failure = undefined
    this.#reached = Math.max(this.#reached, position)
  }

  /** Waits for the sync that is under way. */
  async idle(): Promise<void> {
    await this.#syncing
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      try {
        await this.#file.sync()
      } catch (cause) {
        this.#fail([...group, ...this.#waiting], cause)
        break
      }
      for (const { to } of group) this.#reached = Math.max(this.#reached, to)
      for (const { resolve } of group) resolve()
    }
    this.#syncing = undefined
  }

  #fail(waiting: readonly Waiting[], cause: unknown): void {
    const failure = unconfirmed("The write is in place", cause)
    this.#failure = failure
    this.#waiting = []
    for (const { reject } of waiting) reject(failure)
  }
}

function unconfirmed(what: string, cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StoreError(
    "storage_unavailable",
    `${what}, but the disk did not confirm it: ${reason}`,
    { details: { reason }, hint: "A power cut could take it back; check the disk", cause },
  )
}
