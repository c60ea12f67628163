import type { BatchResult, OpResult } from "./batch.ts"
import { nextBatches } from "./batches.ts"
import type { Change } from "./change.ts"
import { StoreError } from "./errors.ts"
import { reportToConsole } from "./host.ts"
import type { Live } from "./live.ts"
import { LiveValue } from "./live-value.ts"
import { onNews } from "./news.ts"
import type { Store } from "./store.ts"
import type { Undo, UndoOptions } from "./undo.ts"
import { foldBatch, type Inversion, NO_STEPS, type UndoRules, without } from "./undo-stack.ts"
import { inverseOf, type Step, type StepEntry } from "./undo-step.ts"

/** So many changes of the log are looked at for steps of earlier runs. */
const REACH = 10_000

/** What reading a change fails with whose value cannot be read here. */
const UNREADABLE = ["corrupt", "schema_too_new", "unsupported", "validation_failed"] as const

/** So many changes are read at once. */
const PAGE = 1_000

/** The undo of one origin, folded from the log as that goes on. */
export class LogUndo implements Undo {
  readonly #store: Store
  readonly #rules: UndoRules
  readonly #report: (error: unknown) => void
  readonly #canUndo: LiveValue<boolean>
  readonly #canRedo: LiveValue<boolean>
  readonly #stop: () => void
  /** Reads and inversions, one at a time. */
  #turn: Promise<unknown> = Promise.resolve()
  #stacks = NO_STEPS
  #position = 0
  #start = 0
  #epoch: string | undefined
  #isReading = false
  #closed = false

  constructor(store: Store, options: UndoOptions) {
    const { origin, kinds, groupWithin = -1, depth = 100, onError = reportToConsole } = options
    this.#store = store
    this.#rules = { origin, kinds: kinds && new Set(kinds), groupWithin, depth }
    this.#report = onError
    this.#canUndo = new LiveValue(false, onError)
    this.#canRedo = new LiveValue(false, onError)
    this.#stop = onNews(store, kinds === undefined ? "*" : { anyOf: kinds }, {
      news: () => this.#readOn(),
      ended: () => this.close(),
    })
    this.#readOn()
  }

  get canUndo(): Live<boolean> {
    return this.#canUndo
  }

  get canRedo(): Live<boolean> {
    return this.#canRedo
  }

  undo(): Promise<BatchResult | undefined> {
    return this.#inTurn(() => this.#invert("undo"))
  }

  redo(): Promise<BatchResult | undefined> {
    return this.#inTurn(() => this.#invert("redo"))
  }

  close(): void {
    this.#closed = true
    this.#stop()
    this.#canUndo.close()
    this.#canRedo.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  async #invert(way: Inversion): Promise<BatchResult | undefined> {
    await this.#settled()
    for (;;) {
      if (this.#closed) {
        throw new StoreError(
          "closed",
          `This undo is closed; nothing was ${way === "undo" ? "undone" : "redone"}`,
        )
      }
      const step = this.#stacks[way].at(-1)
      if (step === undefined) return undefined
      const { seq, results } = await this.#commit(step, way)
      if (results.some(isEffect)) {
        await this.#catchUp()
        return { seq, results }
      }
      // All is as it was before the step already; the log tells nothing of that.
      this.#stacks = { ...this.#stacks, [way]: without(this.#stacks[way], step.id, undefined) }
      this.#tell()
    }
  }

  /** Waits until the log tells of everything that was written before. */
  async #settled(): Promise<void> {
    const { pending } = this.#store.status.get()
    // Batches keep their order, so an empty one is done when all before it are.
    if (pending > 0) await this.#store.commit({ ops: [] })
    await this.#store.snapshot([])
    await this.#catchUp()
  }

  async #commit(step: Step, way: Inversion): Promise<BatchResult> {
    const ends = new Map<StepEntry, number | undefined>()
    for (const entry of step.entries.values()) ends.set(entry, await this.#endBefore(entry))
    const { ops, expect } = inverseOf(step, (entry) => ends.get(entry))
    const { origin } = this.#rules
    try {
      return await this.#store.commit({ ops, expect, origin, cause: `${way}:${step.id}` })
    } catch (error) {
      if (!StoreError.is(error, "conflict")) throw error
      const { kind, key } = error.details
      throw new StoreError(
        "conflict",
        `${kind}/${key} has changed since; nothing was ${way === "undo" ? "undone" : "redone"}`,
        { details: error.details, hint: "Let its user decide what it shall be now", cause: error },
      )
    }
  }

  /** When an entry was to end before a step. Where the log no longer tells, the end stays as it is. */
  async #endBefore(entry: StepEntry): Promise<number | undefined> {
    const { kind, key, first, version, expiresAt } = entry
    if (entry.before === undefined) return undefined
    const past = await this.#store.history(kind, key, { limit: version - first + 2 })
    const before = past.find((change) => change.version === first - 1)
    return before === undefined ? expiresAt : before.expiresAt
  }

  #readOn(): void {
    if (this.#isReading || this.#closed) return
    this.#isReading = true
    this.#inTurn(() => {
      this.#isReading = false
      return this.#catchUp()
    }).catch((error) => this.#fail(error))
  }

  /** Folds what the log has told since, or what it still has where it has been cut or replaced. */
  async #catchUp(): Promise<void> {
    const store = this.#store
    if (this.#epoch !== store.epoch) this.#beginAfter(Math.max(0, store.position - REACH))
    while (this.#position < store.position) {
      try {
        const { batches, to } = await nextBatches(store, this.#position, PAGE)
        for (const batch of batches) this.#fold(batch)
        this.#position = to
      } catch (error) {
        this.#beginAfter(this.#nextReadable(error))
      }
    }
    this.#tell()
  }

  /** The position to go on from, where the log cannot be read from ours. @throws any other error */
  #nextReadable(error: unknown): number {
    const { position } = this.#store
    if (StoreError.is(error, "position_too_old")) {
      const { horizon } = error.details
      return typeof horizon === "number" ? horizon : position
    }
    if (!StoreError.is(error, ...UNREADABLE)) throw error
    this.#report(error) // There are values that cannot be read here: what is older stays as it is.
    return position
  }

  #beginAfter(position: number): void {
    this.#epoch = this.#store.epoch
    this.#stacks = NO_STEPS
    this.#position = position
    this.#start = position
  }

  #fold(batch: readonly Change[]): void {
    // Of the first batch the log may have kept the end alone.
    if ((batch[0]?.batch ?? 0) > this.#start)
      this.#stacks = foldBatch(this.#stacks, batch, this.#rules)
  }

  #tell(): void {
    this.#canUndo.set(this.#stacks.undo.length > 0)
    this.#canRedo.set(this.#stacks.redo.length > 0)
  }

  #fail(error: unknown): void {
    if (StoreError.is(error, "closed")) return this.close()
    this.#canUndo.fail(error)
    this.#canRedo.fail(error)
    this.#report(error)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => {})
    return done
  }
}

function isEffect(result: OpResult): boolean {
  return "existed" in result ? result.existed : result.outcome !== "unchanged"
}
