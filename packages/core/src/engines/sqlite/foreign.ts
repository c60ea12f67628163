import type { Clock } from "../../clock.ts"
import { StoreError } from "../../errors.ts"
import type { DatabaseFile } from "./database-file.ts"
import { onDatabase } from "./faults.ts"
import { followOthers } from "./follow.ts"
import type { Health } from "./health.ts"
import type { SqliteReads } from "./read.ts"
import type { Telling } from "./telling.ts"

/** How long hints are gathered before one look, in milliseconds: own writes cause them too. */
const GATHER = 2

/** How often it is checked that the file is still the one at its path, in milliseconds. */
const CHECK = 1_000

/** What following other processes needs. */
export interface ForeignContext {
  readonly clock: Clock
  readonly reads: SqliteReads
  readonly telling: Telling
  readonly health: Health
  readonly file: DatabaseFile | undefined
  /** Where an error goes of which nobody knows what it means. */
  report(error: unknown): void
}

/**
 * Follows what other processes commit to the file: looks again and again. A hint of the system
 * may come late or never, so that it only makes the next look come sooner.
 */
export class Foreign {
  readonly #context: ForeignContext
  readonly #interval: number
  readonly #unwatch: () => void
  #cancel: () => void = () => {}
  #isStopped = false
  /** Whether a look is near: after a hint, or because there is more. */
  #isSoon = false
  #looksUntilCheck = 0
  #isLost = false
  #isReported = false

  /** `interval` is the time between two looks, in milliseconds. */
  constructor(context: ForeignContext, interval: number) {
    this.#context = context
    this.#interval = interval
    this.#unwatch = context.file?.watch(() => this.#hint()) ?? (() => {})
    this.#schedule(interval)
  }

  /** Refuses to go on with a file that nobody will find. @throws StoreError `storage_unavailable` */
  check(): void {
    if (this.#isLost) throw lost()
  }

  stop(): void {
    this.#isStopped = true
    this.#cancel()
    this.#unwatch()
  }

  #hint(): void {
    if (this.#isSoon) return
    this.#isSoon = true
    this.#looksUntilCheck = 0
    this.#cancel()
    this.#schedule(Math.min(GATHER, this.#interval))
  }

  #schedule(ms: number): void {
    if (this.#isStopped) return
    this.#cancel = this.#context.clock.after(ms, () => {
      // What is left is looked at next, behind everything else that waits for the event loop.
      this.#isSoon = this.#look()
      this.#schedule(this.#isSoon ? 0 : this.#interval)
    })
  }

  /** Looks once. Whether there is more. */
  #look(): boolean {
    const { reads, telling } = this.#context
    try {
      this.#checkFile()
      const more =
        !this.#isLost && onDatabase("following others", () => followOthers(reads, telling))
      this.#isReported = false
      return more
    } catch (error) {
      if (StoreError.is(error, "busy")) return false
      this.#context.health.note(error)
      if (!StoreError.is(error) && !this.#isReported) {
        this.#isReported = true
        this.#context.report(error)
      }
      return false
    }
  }

  #checkFile(): void {
    const { file, health } = this.#context
    if (this.#looksUntilCheck-- > 0) return
    this.#looksUntilCheck = Math.ceil(CHECK / this.#interval)
    const isLost = file?.isReplaced() ?? false
    if (isLost && !this.#isLost) health.note(lost())
    this.#isLost = isLost
  }
}

function lost(): StoreError {
  return new StoreError(
    "storage_unavailable",
    "The database file was removed, or another one was put in its place",
    { hint: "Put it back, or close the store and open it again; nothing more is written to it" },
  )
}
