import { nextBatches } from "./batches.ts"
import type { Change } from "./change.ts"
import type { ConsumeOptions } from "./consume.ts"
import { claimRecord, isSuperseded, type Progress } from "./consumer-record.ts"
import { StoreError } from "./errors.ts"
import type { Handling, Job, Portion } from "./handling.ts"
import { Replay } from "./replay.ts"
import { kindsOf, type Target, type TargetTest, targetTest } from "./target.ts"
import type { Transaction } from "./transaction.ts"
import { type Failure, Trouble } from "./trouble.ts"

/** What came of a step: there is more to do, there is not, or it failed and is tried again. */
export type StepOutcome = "more" | "rest" | { readonly failure: Failure; readonly wait: number }

/** After so many changes that do not concern it, a consumer notes its position all the same. */
const LAZY = 1_000

/** A consumer's way from the position that is kept for it to the newest change, step by step. */
export class CatchUp {
  readonly #job: Job
  readonly #handling: Handling
  readonly #target: Target
  readonly #test: TargetTest
  readonly #kinds: readonly string[] | undefined
  readonly #options: ConsumeOptions
  readonly #report: (error: unknown) => void
  readonly #trouble: Trouble
  /** The sequence and the position that it began in. */
  #epoch: string
  readonly #now: number
  #progress: Progress | undefined
  #version = 0
  /** The position that is kept. */
  #kept = 0
  #replay: Replay | undefined
  #outages = 0

  constructor(
    job: Job,
    handling: Handling,
    settings: {
      readonly target: Target
      readonly options: ConsumeOptions
      /** Hears why a change was parked. */
      report(error: unknown): void
    },
  ) {
    this.#job = job
    this.#handling = handling
    this.#target = settings.target
    this.#test = targetTest(settings.target)
    this.#kinds = kindsOf(settings.target)
    this.#options = settings.options
    this.#report = settings.report
    this.#trouble = new Trouble(settings.options.retry ?? {})
    this.#epoch = job.store.epoch
    this.#now = job.store.position
  }

  /** How far it is; `undefined` before the first step. */
  get progress(): Progress | undefined {
    return this.#progress
  }

  /** The version of the record with which this instance began. */
  get version(): number {
    return this.#version
  }

  /**
   * Does what is to be done next.
   * @throws StoreError what ends the consumer: `conflict` when another instance has taken its
   * place, `position_too_old`, `closed`, `unauthorized` …
   */
  async step(): Promise<StepOutcome> {
    try {
      const outcome = await this.#next()
      if (typeof outcome === "string") this.#outages = 0
      return outcome
    } catch (error) {
      if (StoreError.is(error, "position_too_old") && this.#options.onGap === "replay") {
        return this.#restart()
      }
      const isPassing = isUnavailable(error) || StoreError.is(error, "conflict")
      if (!isPassing || isSuperseded(error, this.#job.name)) throw error
      return this.#outage(error)
    }
  }

  async #next(): Promise<StepOutcome> {
    const { store } = this.#job
    const isOther = this.#epoch !== store.epoch
    const progress = isOther ? undefined : this.#progress
    if (progress === undefined) return this.#claim()
    if (progress.position > store.position) return "rest" // The store does not tell of it yet.
    return progress.replay === undefined ? this.#follow(progress) : this.#tellWhatIsThere(progress)
  }

  /** Takes its place in the sequence there is now, and what that holds of it. */
  async #claim(): Promise<StepOutcome> {
    const { store, name, instance } = this.#job
    const { progress, version } = await claimRecord(store, name, instance, (tx) => this.#first(tx))
    this.#epoch = store.epoch
    this.#version = version
    this.#begin(progress)
    return "more"
  }

  /** Where it begins where nothing is kept of it. */
  async #first(tx: Transaction): Promise<Progress> {
    const { store, name } = this.#job
    const { from = "now", onGap } = this.#options
    const current = { position: store.position, replay: [] } as const
    if (this.#epoch === store.epoch) {
      return from === "current" ? current : { position: from === "now" ? this.#now : from }
    }
    if (onGap === "replay") {
      await this.#handling.reset(tx)
      return current
    }
    throw new StoreError("position_too_old", `The sequence was replaced by one without ${name}`, {
      details: { consumer: name },
      hint: 'Start it again, or with onGap: "replay"',
    })
  }

  async #follow({ position }: Progress): Promise<StepOutcome> {
    const { store } = this.#job
    const { batches, to } = await nextBatches(store, position, this.#batch, this.#kinds)
    const portions = batches.flatMap((batch): Portion[] => {
      const changes = batch.filter(({ kind, key }) => this.#test(kind, key))
      const end = (batch.at(-1) as Change).seq
      return changes.length === 0 ? [] : [{ changes, progress: { position: end } }]
    })
    if (portions.length > 0) return this.#handle(portions, { position: to })
    if (to - this.#kept >= LAZY) await this.#keep({ position: to })
    this.#progress = { position: to }
    return to < store.position ? "more" : "rest"
  }

  async #tellWhatIsThere(progress: Progress): Promise<StepOutcome> {
    this.#replay ??= new Replay(this.#job.store, this.#target, progress)
    const portions = await this.#replay.next(this.#batch)
    const last = portions.at(-1)
    if (last !== undefined) return this.#handle(portions, last.progress)
    await this.#keep({ position: progress.position })
    this.#replay = undefined
    return "more"
  }

  async #handle(portions: readonly Portion[], end: Progress): Promise<StepOutcome> {
    const trouble = this.#trouble
    const some = trouble.isOn ? portions.slice(0, 1) : portions
    const to = some.length < portions.length ? (some[0] as Portion).progress : end
    const handled = await this.#handling.handle(some, to, trouble)
    if (!handled.ok) return this.#failed(some, handled)
    for (const { changes } of handled.done) {
      for (const change of changes) {
        const doom = trouble.doom(change)
        if (doom !== undefined) this.#report(doom.error)
      }
      trouble.over(changes)
    }
    this.#replay?.taken(handled.done.length)
    this.#progress = handled.progress
    this.#kept = handled.progress.position
    return "more"
  }

  #failed(
    portions: readonly Portion[],
    { error, change }: { readonly error: unknown; readonly change?: Change },
  ): StepOutcome {
    const trouble = this.#trouble
    if (isUnavailable(error)) return this.#outage(error)
    if (StoreError.is(error, "closed") && change === undefined) throw error
    if (change !== undefined) return retry(trouble.failed(change, error))
    // The commit does not say which change it has failed by.
    const changes = portions.flatMap((portion) => portion.changes)
    if (portions.length > 1) {
      trouble.suspect(changes)
      return "more"
    }
    const open = changes.filter((one) => trouble.doom(one) === undefined)
    const failures = open.map((one) => trouble.failed(one, error))
    const last = failures.at(-1)
    return last === undefined ? this.#outage(error) : retry(last)
  }

  /** The store's own fault: tried for ever, and counted for no change. */
  #outage(error: unknown): StepOutcome {
    const tries = ++this.#outages
    return { failure: { tries, error }, wait: this.#trouble.waitAfter(tries) }
  }

  async #keep(progress: Progress): Promise<void> {
    await this.#handling.move(progress)
    this.#progress = progress
    this.#kept = progress.position
  }

  /** Goes on with what is there now, because the changes that led to it are gone. */
  async #restart(): Promise<StepOutcome> {
    const { store, name } = this.#job
    const progress = { position: store.position, replay: [] } as const
    try {
      await this.#handling.restart(progress)
    } catch (error) {
      if (isSuperseded(error, name)) throw error
      return this.#outage(error)
    }
    this.#begin(progress)
    return "more"
  }

  #begin(progress: Progress): void {
    this.#trouble.clear()
    this.#replay = undefined
    this.#progress = progress
    this.#kept = progress.position
  }

  get #batch(): number {
    return this.#options.batch ?? 100
  }
}

function retry({ wait, ...failure }: Failure & { readonly wait: number }): StepOutcome {
  return { failure, wait }
}

/** Whether it is the storage that cannot, for now. */
function isUnavailable(error: unknown): boolean {
  return StoreError.is(error, "busy", "read_only", "storage_unavailable")
}
