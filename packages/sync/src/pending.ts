import { type BatchResult, type OpResult, StoreError } from "@tidemark/core"
import type { Outcome, StampedBatch } from "@tidemark/core/engine"
import type { Answer, Mutation } from "./message.ts"
import type { OutboxItem } from "./outbox.ts"

/** A write on its way. */
interface Item {
  mutation: number
  readonly batch: StampedBatch
  /** What the authority has said, as soon as it has. */
  outcome: Outcome | undefined
  /** Whether the base has it. Its promise settles when it is answered too, so that who awaits a write finds it confirmed. */
  processed: boolean
  /** Tells who waits; nobody does for a write of an earlier run. */
  readonly settle: ((outcome: Outcome) => void) | undefined
}

/** The writes of a replica that are on their way, by number. */
export class Pending {
  #items: Item[] = []
  #next = 1
  readonly #onRefused: (error: StoreError, batch: StampedBatch) => void

  /** `onRefused` hears of refused writes of an earlier run, for which nobody waits. */
  constructor(onRefused: (error: StoreError, batch: StampedBatch) => void) {
    this.#onRefused = onRefused
  }

  /** Takes up what an earlier run has left; the batches get ids below zero. */
  restore(kept: readonly OutboxItem[]): StampedBatch[] {
    for (const { mutation, batch } of kept) {
      const stamped: StampedBatch = { ...batch, id: -mutation, at: 0 }
      this.#items.push({
        mutation,
        batch: stamped,
        outcome: undefined,
        processed: false,
        settle: undefined,
      })
      this.#next = mutation + 1
    }
    return this.#items.map((item) => item.batch)
  }

  /** Numbers a write; its outcome comes when it is answered. */
  add(batch: StampedBatch): { readonly item: OutboxItem; readonly outcome: Promise<Outcome> } {
    const mutation = this.#next++
    const outcome = new Promise<Outcome>((settle) => {
      this.#items.push({ mutation, batch, outcome: undefined, processed: false, settle })
    })
    return { item: { mutation, batch: plain(batch) }, outcome }
  }

  /** The writes that were not answered, from a number on, as they are sent. */
  unanswered(from = 0): Mutation[] {
    return this.#items
      .filter((item) => item.outcome === undefined && item.mutation >= from)
      .map(({ mutation, batch }) => ({ mutation, ...plain(batch) }) as Mutation)
  }

  /** Whether a number is one of ours still. */
  has(mutation: number): boolean {
    return this.#items.some((item) => item.mutation === mutation)
  }

  /** Takes an answer; a repeated one does nothing. */
  answer(answer: Extract<Answer, { type: "ack" | "reject" }>, fallback: Fallback): void {
    const item = this.#items.find((one) => one.mutation === answer.mutation)
    if (item === undefined || item.outcome !== undefined) return
    item.outcome =
      answer.type === "reject"
        ? { applied: false, error: StoreError.from(answer.error) }
        : {
            applied: true,
            result: {
              seq: answer.seq,
              results: answer.results?.map(whole) ?? fallback(item.batch),
            },
          }
    this.settle()
  }

  /** The writes up to a number that the base includes from now on. */
  processedUpTo(mutation: number): {
    readonly ids: number[]
    readonly mutations: number[]
  } {
    const now = this.#items.filter((item) => !item.processed && item.mutation <= mutation)
    for (const item of now) item.processed = true
    return { ids: now.map((item) => item.batch.id), mutations: now.map((item) => item.mutation) }
  }

  /** Settles what is answered and in the base. */
  settle(): void {
    const done = this.#items.filter((item) => item.processed && item.outcome !== undefined)
    if (done.length === 0) return
    this.#items = this.#items.filter((item) => !done.includes(item))
    for (const { settle, outcome, batch } of done) {
      if (settle !== undefined) settle(outcome as Outcome)
      else if (outcome?.applied === false) this.#onRefused(outcome.error, batch)
    }
  }

  /** Numbers everything that the base does not have from 1 again, for a new client id. */
  renumber(fallback: Fallback): OutboxItem[] {
    for (const item of this.#items) {
      if (item.processed)
        item.outcome ??= { applied: true, result: { seq: 0, results: fallback(item.batch) } }
    }
    this.settle()
    this.#items = this.#items.filter((item) => !item.processed)
    this.#next = 1
    return this.#items.map((item) => {
      item.mutation = this.#next++
      item.outcome = undefined
      return { mutation: item.mutation, batch: plain(item.batch) }
    })
  }

  /** Ends every wait with an error; the outbox keeps the writes. */
  abandon(error: StoreError): void {
    for (const item of this.#items) item.settle?.({ applied: false, error })
    this.#items = []
  }
}

/** A result as it was before JSON left out what is undefined. */
function whole(result: OpResult): OpResult {
  return "existed" in result ? { existed: result.existed, previous: result.previous } : result
}

/** The results of a batch as far as the base tells, where the authority no longer can. */
export type Fallback = (batch: StampedBatch) => BatchResult["results"]

function plain({ ops, expect, origin, cause }: StampedBatch): OutboxItem["batch"] {
  return {
    ops,
    ...(expect === undefined ? {} : { expect }),
    ...(origin === undefined ? {} : { origin }),
    ...(cause === undefined ? {} : { cause }),
  }
}
