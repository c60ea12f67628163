import type { Clock } from "../../clock.ts"
import type { StorageFailure } from "../../engine.ts"
import { StoreError } from "../../errors.ts"

/** How long to wait before the first try of a disk that has failed, and at most, in milliseconds. */
const FIRST_WAIT = 250
const LONGEST_WAIT = 10_000

/**
 * Whether the storage takes writes. After a failure it is tried again, at first soon and then
 * less often, until it does.
 */
export class Health {
  readonly #clock: Clock
  readonly #tell: (failure: StorageFailure | undefined) => void
  readonly #recover: () => void
  #failure: StorageFailure | undefined
  #newest: StoreError | undefined
  #tries = 0
  #isStopped = false
  #cancel: () => void = () => {}

  /** `recover` tries to write, and throws when it cannot. */
  constructor(
    clock: Clock,
    tell: (failure: StorageFailure | undefined) => void,
    recover: () => void,
  ) {
    this.#clock = clock
    this.#tell = tell
    this.#recover = recover
  }

  /** What is wrong; each failure is an object of its own. */
  get failure(): StorageFailure | undefined {
    return this.#failure
  }

  /** Notes an error of a write, if it speaks of the storage and not of the write alone. */
  note(error: unknown): void {
    if (!StoreError.is(error, "storage_unavailable", "read_only", "corrupt")) return
    if (error === this.#newest) return // Told by each of those who waited.
    this.#newest = error
    const known = this.#failure
    this.#failure = { error: error.toJSON(), since: known?.since ?? this.#clock.now() }
    this.#tell(this.#failure)
    if (known === undefined) this.#wait()
  }

  /** Notes that a write succeeded which began when this failure, or none, was known. */
  ok(known: StorageFailure | undefined): void {
    if (this.#failure === undefined || this.#failure !== known) return
    this.#cancel()
    this.#failure = undefined
    this.#tries = 0
    this.#tell(undefined)
  }

  /** Tries no more. */
  stop(): void {
    this.#isStopped = true
    this.#cancel()
  }

  #wait(): void {
    if (this.#isStopped) return
    const wait = Math.min(FIRST_WAIT * 2 ** this.#tries++, LONGEST_WAIT)
    this.#cancel = this.#clock.after(wait, () => this.#try())
  }

  #try(): void {
    try {
      this.#recover()
    } catch (error) {
      this.note(error)
      this.#wait()
      return
    }
    this.ok(this.#failure)
  }
}
