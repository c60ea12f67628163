import { isPromise } from "./awaitable.ts"
import type { BatchResult, RestingBatch, StampedBatch } from "./batch.ts"
import type { Clock } from "./clock.ts"
import type { Engine, Outcome } from "./engine.ts"
import { StoreError } from "./errors.ts"
import { host } from "./host.ts"
import { SeenMakers } from "./maker.ts"
import { isReserved } from "./names.ts"
import { RefusedBatches, restsOnRefused } from "./refused.ts"
import type { View } from "./view.ts"

/** A signal that ends an operation, as far as core needs it: an AbortSignal fits. */
export interface Signal {
  readonly aborted: boolean
  readonly reason?: unknown
  addEventListener(type: "abort", listener: () => void): void
  removeEventListener(type: "abort", listener: () => void): void
}

interface Waiting {
  readonly batch: StampedBatch
  resolve(result: BatchResult): void
  reject(error: unknown): void
}

/**
 * The one way in. A batch shows at once as pending; all batches of one tick go to the engine
 * together, so that a burst costs one commit; each promise settles when its batch has.
 */
export class Commits {
  readonly #engine: Engine
  readonly #view: View
  readonly #clock: Clock
  readonly #underWay = new Set<Promise<void>>()
  readonly #refused = new RefusedBatches()
  #queue: Waiting[] = []
  #lastId = 0

  constructor(engine: Engine, view: View, clock: Clock) {
    this.#engine = engine
    this.#view = view
    this.#clock = clock
  }

  /** Commits a checked batch. Its effect is in the view when this returns. */
  submit(batch: RestingBatch, signal?: Signal): Promise<BatchResult> {
    if (signal?.aborted) return Promise.reject(abortedBy(signal))
    const at = this.#clock.now()
    const stamped: StampedBatch = { ...batch, ...this.#after(batch), id: ++this.#lastId, at }
    if (this.#queue.length === 0) host.queueMicrotask(() => this.#flush())
    const result = new Promise<BatchResult>((resolve, reject) => {
      this.#queue.push({ batch: stamped, resolve, reject })
    })
    this.#view.add(stamped)
    if (signal !== undefined) this.#heed(signal, stamped.id, result)
    return result
  }

  /** Resolves when everything that was submitted has settled. */
  async settled(): Promise<void> {
    this.#flush()
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
  }

  /** With what a batch says to rest on also what makes the versions that it expects. */
  #after({ expect, after }: RestingBatch): Pick<RestingBatch, "after"> {
    if (expect === undefined || expect.length === 0) return {}
    const seen = new SeenMakers(after)
    for (const one of expect) {
      if (!("version" in one) || typeof one.version !== "number") continue
      if (isReserved(one.kind)) continue // Its writers see to their order themselves.
      const row = this.#view.pendingRows(one.kind).get(one.key)
      if (row?.version === one.version) seen.see(row)
    }
    return seen.after
  }

  #flush(): void {
    const queue = this.#queue
    if (queue.length === 0) return
    this.#queue = []
    const group = queue.filter((waiting) => !this.#refuse(waiting))
    if (group.length === 0) return
    try {
      const outcomes = this.#engine.commit(group.map((waiting) => waiting.batch))
      if (!isPromise(outcomes)) return settle(group, outcomes)
      const done = outcomes.then(
        (ended) => settle(group, ended),
        (error) => this.#fail(group, error),
      )
      this.#underWay.add(done)
      void done.then(() => this.#underWay.delete(done))
    } catch (error) {
      this.#fail(group, error)
    }
  }

  /** Refuses a batch that rests on one which the engine never had, or could not take. */
  #refuse({ batch, reject }: Waiting): boolean {
    if (!this.#refused.refuses(batch)) return false
    this.#refused.add(batch.id)
    this.#view.drop([batch.id])
    reject(restsOnRefused())
    return true
  }

  #fail(group: readonly Waiting[], error: unknown): void {
    for (const { batch } of group) this.#refused.add(batch.id)
    this.#view.drop(group.map((waiting) => waiting.batch.id))
    for (const waiting of group) waiting.reject(error)
  }

  /** Lets a signal take a batch back, which it can until the batch is handed to the engine. */
  #heed(signal: Signal, id: number, result: Promise<BatchResult>): void {
    const withdraw = () => {
      const waiting = this.#queue.find((other) => other.batch.id === id)
      if (waiting === undefined) return
      this.#queue = this.#queue.filter((other) => other !== waiting)
      this.#refused.add(id)
      this.#view.drop([id])
      waiting.reject(abortedBy(signal))
    }
    const forget = () => signal.removeEventListener("abort", withdraw)
    signal.addEventListener("abort", withdraw)
    result.then(forget, forget)
  }
}

/** The error of an operation whose signal has fired. */
export function abortedBy(signal: Signal): StoreError {
  return new StoreError("aborted", "The operation was aborted by its signal", {
    cause: signal.reason,
  })
}

function settle(group: readonly Waiting[], outcomes: readonly Outcome[]): void {
  group.forEach((waiting, index) => {
    const outcome = outcomes[index]
    if (outcome?.applied) waiting.resolve(outcome.result)
    else waiting.reject(outcome?.error)
  })
}
