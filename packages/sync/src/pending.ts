import { type BatchResult, StoreError } from "@tidemark/core"
import type { Outcome, StampedBatch } from "@tidemark/core/engine"
import type { Answer, Mutation } from "./message.ts"
import type { OutboxItem } from "./outbox.ts"

/** A write on its way. */
interface Item {
  mutation: number
  readonly batch: StampedBatch
  /** Whether an answer has come. */
  answered: boolean
  /** Whether the base has it: it is shown from there, and only its promise may still wait. */
  processed: boolean
  settle(outcome: Outcome): void
}

/** A refusal that waits for the base to reach it, so that a repeat meets what refused it. */
interface Refusal {
  readonly seq: number
  readonly item: Item
  readonly error: StoreError
}

/** The writes of a replica that are on their way, by number. */
export class Pending {
  #items: Item[] = []
  #refusals: Refusal[] = []
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
        answered: false,
        processed: false,
        settle: (outcome) => {
          if (!outcome.applied) this.#onRefused(outcome.error, stamped)
        },
      })
      this.#next = mutation + 1
    }
    return this.#items.map((item) => item.batch)
  }

  /** Numbers a write; its outcome comes when it is answered. */
  add(batch: StampedBatch): { readonly item: OutboxItem; readonly outcome: Promise<Outcome> } {
    const mutation = this.#next++
    const outcome = new Promise<Outcome>((settle) => {
      this.#items.push({ mutation, batch, answered: false, processed: false, settle })
    })
    return { item: { mutation, batch: plain(batch) }, outcome }
  }

  /** The writes that were not answered, from a number on, as they are sent. */
  unanswered(from = 0): Mutation[] {
    return this.#items
      .filter((item) => !item.answered && item.mutation >= from)
      .map(({ mutation, batch }) => ({ mutation, ...plain(batch) }) as Mutation)
  }

  /** Whether a number is one of ours still. */
  has(mutation: number): boolean {
    return this.#items.some((item) => item.mutation === mutation)
  }

  /** Takes an answer; a repeated one does nothing. */
  answer(answer: Extract<Answer, { type: "ack" | "reject" }>, position: number, fallback: Fallback): void {
    const item = this.#items.find((one) => one.mutation === answer.mutation)
    if (item === undefined || item.answered) return
    item.answered = true
    if (answer.type === "ack") {
      const results = answer.results ?? fallback(item.batch)
      item.settle({ applied: true, result: { seq: answer.seq, results } })
      this.#forgetDone()
    } else {
      this.#refusals.push({ seq: answer.seq, item, error: StoreError.from(answer.error) })
      this.reached(position)
    }
  }

  /** The base includes all mutations up to this one: the ids and numbers of those it had not before. */
  processedUpTo(mutation: number): { readonly ids: number[]; readonly mutations: number[] } {
    const now = this.#items.filter((item) => !item.processed && item.mutation <= mutation)
    for (const item of now) item.processed = true
    this.#forgetDone()
    return { ids: now.map((item) => item.batch.id), mutations: now.map((item) => item.mutation) }
  }

  /** Settles the refusals that the base has reached. */
  reached(position: number): void {
    const due = this.#refusals.filter((refusal) => refusal.seq <= position)
    this.#refusals = this.#refusals.filter((refusal) => refusal.seq > position)
    for (const { item, error } of due) item.settle({ applied: false, error })
    this.#forgetDone()
  }

  /** Numbers everything that the base does not have from 1 again, for a new client id. */
  renumber(fallback: Fallback): OutboxItem[] {
    for (const item of this.#items) {
      if (item.processed && !item.answered) item.settle({ applied: true, result: { seq: 0, results: fallback(item.batch) } })
    }
    this.#refusals = []
    this.#items = this.#items.filter((item) => !item.processed)
    this.#next = 1
    return this.#items.map((item) => {
      item.mutation = this.#next++
      item.answered = false
      return { mutation: item.mutation, batch: plain(item.batch) }
    })
  }

  /** Ends every wait with an error; the outbox keeps the writes. */
  abandon(error: StoreError): void {
    for (const item of this.#items) if (!item.answered) item.settle({ applied: false, error })
    this.#items = []
  }

  #forgetDone(): void {
    this.#items = this.#items.filter((item) => !item.processed || !item.answered)
  }
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
