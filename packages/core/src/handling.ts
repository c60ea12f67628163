import type { Change } from "./change.ts"
import type { ConsumeOptions, Handler } from "./consume.ts"
import { checkRecord, isSuperseded, moveRecord, type Progress } from "./consumer-record.ts"
import { StoreError } from "./errors.ts"
import { host } from "./host.ts"
import { changeOf, PARKED, type Parked, parkedKey, parkedOf } from "./parked.ts"
import type { Store } from "./store.ts"
import type { Transaction } from "./transaction.ts"
import type { Failure, Trouble } from "./trouble.ts"

/** What a handler is handed in one go: the changes of a batch that concern it, or a replayed entry. */
export interface Portion {
  readonly changes: readonly Change[]
  /** How far the consumer is with it. */
  readonly progress: Progress
}

/** What became of some portions. */
export type Handled =
  | { readonly ok: true; readonly progress: Progress; readonly done: readonly Portion[] }
  /** Nothing was written. Without a change, the commit has failed and not a handler. */
  | { readonly ok: false; readonly error: unknown; readonly change?: Change }

/** Who handles what. */
export interface Job {
  readonly store: Store
  readonly name: string
  readonly instance: string
  readonly handler: Handler
  readonly reset: ConsumeOptions["reset"]
  now(): number
}

/** Hands changes to a handler, in one transaction with the position that this leads to. */
export class Handling {
  readonly #job: Job
  readonly #controller = new host.AbortController()
  readonly #abandoned: Promise<never>
  #abandon: (error: StoreError) => void = () => {}
  #isEnding = false

  constructor(job: Job) {
    this.#job = job
    this.#abandoned = new Promise((_, reject) => {
      this.#abandon = reject
    })
    this.#abandoned.catch(() => {})
  }

  /** Whether no further portion is to be begun. */
  get isEnding(): boolean {
    return this.#isEnding
  }

  /** Begins no further portion, and tells the handler so. */
  end(): void {
    this.#isEnding = true
    this.#controller.abort()
  }

  /** Waits no longer for a handler that does not end; what it writes from now on is refused. */
  abandon(): void {
    const { name } = this.#job
    this.#abandon(new StoreError("aborted", `The handler of ${JSON.stringify(name)} did not end`))
  }

  /**
   * Handles portions, up to all of them; with the last the consumer is at `end`.
   *
   * @throws StoreError `conflict` when another instance has taken the place.
   */
  async handle(portions: readonly Portion[], end: Progress, trouble: Trouble): Promise<Handled> {
    const { name, instance } = this.#job
    let done: Portion[] = []
    let progress = end
    let failed: Change | undefined
    try {
      await this.#transaction(async (tx) => {
        done = []
        failed = undefined
        await checkRecord(tx, name, instance)
        for (const portion of portions) {
          if (this.#isEnding && done.length > 0) break
          for (const change of portion.changes) {
            const doom = trouble.doom(change)
            failed = doom === undefined ? change : undefined
            if (doom === undefined) await this.#call(change, tx, trouble.triesOf(change))
            else await this.#park(change, doom, tx)
          }
          failed = undefined
          done.push(portion)
        }
        progress = done.length < portions.length ? (done.at(-1) as Portion).progress : end
        await moveRecord(tx, name, instance, progress)
      })
      return { ok: true, progress, done }
    } catch (error) {
      if (isSuperseded(error, name)) throw error
      return failed === undefined ? { ok: false, error } : { ok: false, error, change: failed }
    }
  }

  /** Moves on without handling anything. @throws StoreError `conflict` as `handle` does. */
  async move(progress: Progress): Promise<void> {
    const { name, instance } = this.#job
    await this.#transaction((tx) => moveRecord(tx, name, instance, progress))
  }

  /** Begins anew, after a reset. @throws as `move` does; whatever the reset throws. */
  async restart(progress: Progress): Promise<void> {
    const { name, instance } = this.#job
    await this.#transaction(async (tx) => {
      await this.reset(tx)
      await moveRecord(tx, name, instance, progress)
    })
  }

  /** Says that what was handled no longer holds. */
  async reset(tx: Transaction): Promise<void> {
    const resetting = async () => this.#job.reset?.(tx)
    await Promise.race([resetting(), this.#abandoned])
  }

  /** Hands a parked change over once more. Whether it was taken. @throws as `handle` does. */
  async handleParked(parked: Parked): Promise<boolean> {
    const { store, name, instance } = this.#job
    const key = parkedKey(name, parked.change.seq)
    try {
      const change = await changeOf(store, parked)
      await this.#transaction(async (tx) => {
        await checkRecord(tx, name, instance)
        if ((await tx.entry(PARKED, key)) === undefined) return // Somebody has deleted it.
        await this.#call(change, tx, parked.tries)
        await tx.delete(PARKED, key)
      })
      return true
    } catch (error) {
      if (isSuperseded(error, name) || this.#isEnding) throw error
      const failure = { error, tries: parked.tries + 1 }
      await this.#transaction(async (tx) => {
        await checkRecord(tx, name, instance)
        if (await tx.entry(PARKED, key)) await this.#park(parked.change, failure, tx)
      })
      return false
    }
  }

  async #park(change: Parked["change"], failure: Failure, tx: Transaction): Promise<void> {
    const { name, now } = this.#job
    await tx.set(PARKED, parkedKey(name, change.seq), parkedOf(name, change, failure, now()))
  }

  async #call(change: Change, tx: Transaction, tries: number): Promise<void> {
    const context = { signal: this.#controller.signal, attempt: tries + 1 }
    const handling = async () => this.#job.handler(change, tx, context)
    await Promise.race([handling(), this.#abandoned])
  }

  #transaction(steps: (tx: Transaction) => Promise<void>): Promise<void> {
    const { store, name } = this.#job
    return store.transaction(steps, { origin: `consumer:${name}` })
  }
}
