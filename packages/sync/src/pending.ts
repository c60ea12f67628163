// Over 250 lines: all that can become of a write on its way is decided over one map of them.
import { type BatchResult, type Op, StoreError } from "@tidemark/core"
import {
  type Outcome,
  RefusedBatches,
  restsOnRefused,
  type StampedBatch,
} from "@tidemark/core/engine"
import type { Answer, Mutation } from "./message.ts"
import type { OutboxItem } from "./outbox.ts"
import { ackOf, applied, type Bare, kept, mutationOf, type PendingItem } from "./pending-item.ts"
import { received } from "./sent.ts"

/** A write that was numbered just now. */
export interface Added {
  /** As it is stored. */
  readonly item: () => OutboxItem
  /** Comes when it is done. */
  readonly outcome: Promise<Outcome>
  /** The outbox has it: gives it as it is sent. */
  readonly stored: () => Mutation
  /** The outbox could not take it: it is no write. */
  readonly lost: () => void
}

/** What is owed to a sequence, in the order of the numbers. */
export interface Owed {
  readonly batches: readonly StampedBatch[]
  readonly items: readonly OutboxItem[]
  /** The last number that was given. */
  readonly last: number
}

export interface PendingOptions {
  /** Hears of refused writes of an earlier run, for which nobody waits. */
  readonly refused: (error: StoreError, batch: StampedBatch) => void
  /** Batches are not shown any more. */
  readonly hide: (ids: readonly number[]) => void
  /** The results of a batch that the base has, as far as it tells them. */
  readonly resultsOf: (batch: StampedBatch) => BatchResult["results"]
}

/**
 * The writes of a replica that are on their way, in the order of their numbers. One is done when
 * it is answered and the base has it, so that who awaits a write finds it confirmed.
 */
export class Pending {
  #items = new Map<number, PendingItem>()
  /** The same by the ids of their batches. */
  readonly #byId = new Map<number, PendingItem>()
  readonly #refused = new RefusedBatches()
  #done: PendingItem[] = []
  /** Those that rest on refused ones, until they are answered. */
  readonly #stale = new Set<PendingItem>()
  #next = 1
  /** The numbers that the outbox has, or is to have: in their order. */
  readonly #open = new Set<number>()
  readonly #options: PendingOptions
  /** Why nothing is waited for any more. */
  #end: StoreError | undefined

  constructor(options: PendingOptions) {
    this.#options = options
  }

  /**
   * Takes up what an earlier run has left, and goes on after its last number. Gives what is shown of
   * it: the batches get ids below zero.
   */
  restore(kept: readonly OutboxItem[], last: number): StampedBatch[] {
    this.#next = last + 1
    return kept.flatMap(({ mutation, batch, rests = [], stale = false }) => {
      const ops = batch.ops.map((op) => received<Op>(op))
      const after = rests.map((one) => -one)
      const stamped: StampedBatch = { ...batch, ops, after, id: -mutation, at: 0 }
      const item = this.#add(mutation, stamped, undefined)
      item.isStored = true
      item.link = 0
      if (stale || [...item.rests].some((other) => other.isStale)) this.#makeStale(item)
      return item.isStale ? [] : [stamped]
    })
  }

  /** Numbers only above one that the authority has: an outbox that was put back from a copy may not know it. */
  numberAbove(mutation: number): void {
    this.#next = Math.max(this.#next, mutation + 1)
  }

  /** Numbers a write. */
  add(batch: StampedBatch): Added {
    const { promise: outcome, resolve } = Promise.withResolvers<Outcome>()
    if (this.#end !== undefined) resolve({ applied: false, error: this.#end })
    const item = this.#add(this.#next, batch, resolve)
    return {
      item: () => kept(item),
      outcome,
      stored: () => {
        item.isStored = true
        return mutationOf(item)
      },
      lost: () => {
        if (this.#items.get(item.mutation) !== item) return
        this.#remove(item)
        this.#refuse(item)
        this.#part(item)
        this.#open.delete(item.mutation)
      },
    }
  }

  /** The writes that rest on refused ones and are not answered yet, for an outbox that forgets these. */
  stale(): readonly OutboxItem[] {
    const stale: OutboxItem[] = []
    for (const item of this.#stale) if (item.isStored) stale.push(kept(item))
    return stale
  }

  /** The writes that were stored and not answered, from a number on, as they are sent. */
  unanswered(from = 0): Mutation[] {
    const mutations: Mutation[] = []
    for (const item of this.#items.values()) {
      if (item.outcome === undefined && item.isStored && item.mutation >= from)
        mutations.push(mutationOf(item))
    }
    return mutations
  }

  /** Writes were sent on a link. */
  sent(mutations: readonly Mutation[], link: number): void {
    for (const { mutation } of mutations) {
      const item = this.#items.get(mutation)
      if (item !== undefined) item.link ??= link
    }
  }

  /** Of some writes those that were not sent yet. */
  unsent(mutations: readonly Mutation[]): readonly Mutation[] {
    return mutations.filter(({ mutation }) => {
      const item = this.#items.get(mutation)
      return item !== undefined && item.link === undefined
    })
  }

  /** Whether a number is one of ours still. */
  has(mutation: number): boolean {
    return this.#items.has(mutation)
  }

  /** Whether a number below this one is ours still: not answered, or not in the base. */
  hasBelow(mutation: number): boolean {
    const [first] = this.#items.keys()
    return first !== undefined && first < mutation
  }

  /** The number up to which all was answered, and is not in the outbox any more. */
  get answered(): number {
    const [first = this.#next] = this.#open
    return first - 1
  }

  /** The outbox has let go of writes. */
  forget(mutations: readonly number[]): void {
    for (const mutation of mutations) this.#open.delete(mutation)
  }

  /** Takes an answer; a repeated one does nothing. Gives what is done by it, as `settle` does. */
  answer(answer: Extract<Answer, { type: "ack" | "reject" }>): readonly number[] {
    const item = this.#items.get(answer.mutation)
    if (item === undefined || item.outcome !== undefined) return []
    item.outcome =
      answer.type === "reject"
        ? { applied: false, error: StoreError.from(answer.error) }
        : ackOf(answer)
    if (answer.type === "reject") this.#refuse(item)
    if (item.processed) this.#done.push(item)
    return this.settle()
  }

  /**
   * The ids of the writes up to a number, which the base includes from now on, and of those that are
   * refused with one of them. Call `settle` when it does.
   */
  processedUpTo(mutation: number): number[] {
    const now: PendingItem[] = []
    for (const item of this.#items.values()) {
      if (item.mutation > mutation) break
      if (!item.processed) now.push(item)
    }
    for (const item of now) {
      item.processed = true
      if (item.outcome !== undefined) this.#done.push(item)
    }
    return [...now, ...now.flatMap((item) => this.#refusedWith(item))].map(({ batch }) => batch.id)
  }

  /**
   * Gives up what was sent on an earlier link than this one, with an error: the authority can tell no
   * more whether it has it. Gives the ids of what is shown. Call `settle` when it is shown no more.
   */
  giveUp(link: number, error: StoreError): readonly number[] {
    const ids: number[] = []
    for (const item of this.#items.values()) {
      if (item.outcome === undefined && !item.processed && (item.link ?? link) >= link) continue
      if (!item.processed) ids.push(item.batch.id)
      if (!item.processed || item.outcome === undefined) this.#done.push(item)
      if (item.outcome === undefined) this.#refuse(item) // As far as anybody can tell.
      item.outcome ??= { applied: false, error }
      item.processed = true
    }
    return ids
  }

  /** Settles what is done, and gives its numbers: the outbox can let go of them. */
  settle(): readonly number[] {
    const done = this.#done
    this.#done = []
    for (const item of done) {
      const outcome = item.outcome as Outcome | Bare
      this.#remove(item)
      this.#tell(item, outcome)
      const others = this.#refusedWith(item)
      if (others.length > 0) this.#options.hide(others.map(({ batch }) => batch.id))
      for (const other of others) this.#tell(other, { applied: false, error: restsOnRefused() })
      this.#part(item)
    }
    return done.map(({ mutation }) => mutation)
  }

  /**
   * Owes all that another sequence does not include, whatever the last one has said of it. Gives
   * what is owed now, if there is something among it that the last one had included.
   */
  oweAgain(lastMutation: number): Owed | undefined {
    const owed = [...this.#items.values()].filter(({ mutation }) => mutation > lastMutation)
    const shown = owed.filter(({ isTold }) => !isTold)
    const isMore = owed.some(({ processed }) => processed)
    for (const item of owed) {
      item.outcome = undefined
      item.processed = false
    }
    if (!isMore) return undefined
    // What it does include and nobody has answered stays in the outbox, too.
    const items = [...this.#items.values()].map(kept)
    return { batches: shown.map(({ batch }) => batch), items, last: this.#next - 1 }
  }

  /** Numbers everything from 1 again, for a new client id. Nothing is in the base, and nothing stored under it. */
  renumber(): OutboxItem[] {
    const items = [...this.#items.values()]
    this.#items = new Map()
    this.#open.clear()
    this.#next = 1
    for (const item of items) {
      item.mutation = this.#next++
      this.#open.add(item.mutation)
      item.outcome = undefined
      item.link = undefined
      item.isStored = true // With the client id itself, before anything is sent.
      this.#items.set(item.mutation, item)
    }
    return items.map(kept)
  }

  /** Ends every wait with an error; the outbox keeps the writes. */
  abandon(error: StoreError): void {
    this.#end = error
    for (const item of this.#items.values()) item.settle?.({ applied: false, error })
    this.#items.clear()
    this.#byId.clear() // What is stale is still to be noted.
  }

  /** Tells what has become of a write, once. */
  #tell(item: PendingItem, outcome: Outcome | Bare): void {
    const { settle, batch, isTold } = item
    item.isTold = true
    if (isTold) return
    if (settle !== undefined) settle(this.#whole(outcome, batch))
    else if (!outcome.applied) this.#options.refused(outcome.error, batch)
  }

  /**
   * What is refused with a refused write, one after the other, before the authority has said so:
   * who waits for these can go on at once, by what the base has now.
   */
  #refusedWith({ outcome, resting }: PendingItem): PendingItem[] {
    if (outcome?.applied !== false) return []
    const found = new Set(resting)
    for (const item of found) {
      if (item.outcome !== undefined || item.isTold) found.delete(item)
      else {
        this.#makeStale(item)
        for (const other of item.resting) found.add(other)
      }
    }
    return [...found]
  }

  /** The base has the write by now: what it tells of the write is as it was left by it, or later. */
  #whole(outcome: Outcome | Bare, batch: StampedBatch): Outcome {
    if (!("seq" in outcome)) return outcome
    return applied(outcome.seq, this.#options.resultsOf(batch))
  }

  #add(mutation: number, batch: StampedBatch, settle: PendingItem["settle"]): PendingItem {
    const item: PendingItem = {
      mutation,
      batch,
      outcome: undefined,
      isStored: false,
      link: undefined,
      processed: false,
      settle,
      rests: new Set((batch.after ?? []).flatMap((id) => this.#byId.get(id) ?? [])),
      resting: new Set(),
      isStale: false,
      isTold: false,
    }
    this.#items.set(mutation, item)
    this.#byId.set(batch.id, item)
    for (const other of item.rests) other.resting.add(item)
    if (this.#refused.refuses(batch)) this.#makeStale(item)
    this.#open.add(mutation)
    this.#next = Math.max(this.#next, mutation + 1)
    return item
  }

  #remove(item: PendingItem): void {
    this.#items.delete(item.mutation)
    this.#byId.delete(item.batch.id)
    this.#stale.delete(item)
  }

  /** What rests on one that is done knows all of it that it needs. */
  #part(item: PendingItem): void {
    for (const other of item.resting) other.rests.delete(item)
    for (const other of item.rests) other.resting.delete(item)
  }

  /** One is refused: what was written by what it has shown will be, too. */
  #refuse(item: PendingItem): void {
    this.#refused.add(item.batch.id)
    for (const other of item.resting) if (other.outcome === undefined) this.#makeStale(other)
  }

  #makeStale(item: PendingItem): void {
    item.isStale = true
    this.#stale.add(item)
  }
}
