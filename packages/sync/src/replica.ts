import { type Clock, StoreError } from "@tidemark/core"
import type { Engine, EngineListener, Outcome, Position, StampedBatch } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { Base, type BaseStep } from "./base.ts"
import type { Channel } from "./channel.ts"
import { Conversation } from "./conversation.ts"
import type { Follow } from "./follow.ts"
import {
  type FeedMessage,
  type Hello,
  type Mutate,
  type Mutation,
  PROTOCOL,
  type ServerMessage,
} from "./message.ts"
import { newClient, Outbox, type OutboxItem } from "./outbox.ts"
import { type Owed, Pending } from "./pending.ts"
import { ReplicaReads } from "./replica-reads.ts"
import { type Progress, SnapshotParts, type WholeSnapshot } from "./snapshot-parts.ts"
import { CONNECTION, type ReplicaState } from "./states.ts"
import { Tidying } from "./tidying.ts"
import { reasonOf } from "./turned-away.ts"

/** How long to wait after an answer that came too late to mean anything, in milliseconds. */
const LATE = 1_000

/** Where a replica keeps itself between runs. Two engines, because the base has another store's sequence. */
export interface ReplicaStorage {
  readonly base: Engine
  readonly outbox: Engine
}

export interface ReplicaOptions {
  readonly channel: Channel
  readonly follow: Follow
  /** The versions of the schemas that it can read. */
  readonly schemas: Readonly<Record<string, number>>
  readonly storage: ReplicaStorage | undefined
  readonly clock: Clock
  readonly random: () => number
  readonly deadline: number
  readonly onProgress: (progress: Progress) => void
  readonly onRefused: ((error: StoreError, batch: StampedBatch) => void) | undefined
}

/**
 * The engine of a replica: its base is what the authority has told, held in memory and, where
 * there is storage, kept there too; a commit goes to the outbox, then to the authority. What must
 * happen in one step stands here: the base moves, and the writes that it includes are let go.
 */
export class ReplicaEngine extends ReplicaReads implements Engine {
  readonly name = "replica"
  readonly storage: Engine["storage"]
  readonly durability: Engine["durability"]
  readonly gaps: Readonly<Record<string, string>> = {
    history: "a replica tells the changes since it has its base",
  }
  protected readonly base: Base
  readonly #options: ReplicaOptions
  readonly #outbox: Outbox
  readonly #pending: Pending
  readonly #conversation: Conversation
  readonly #tidying: Tidying
  readonly #parts = new SnapshotParts()
  #begun: Promise<void> | undefined
  #listener: EngineListener | undefined
  #client = newClient()
  /** Until the outbox is that of the client. */
  #named: Promise<void> = Promise.resolve()
  /** What the outbox can let go of. */
  readonly #released: number[] = []
  /** The highest number of ours that the authority is known to have. */
  #known = 0
  /** What the link that is open now is about. */
  #welcomed: { readonly epoch: string; readonly view: string } | undefined
  /** Whether the base has moved on the link that is open now. */
  #hasMoved = false

  constructor(options: ReplicaOptions) {
    super()
    const { storage, follow, clock, random } = options
    const report = (error: unknown) => this.#report(error)
    this.#options = options
    this.storage = storage?.base.storage ?? "memory"
    this.durability = storage?.base.durability ?? "none"
    this.base = new Base(storage?.base, follow, report)
    this.#outbox = new Outbox(storage?.outbox ?? new MemoryEngine(), clock)
    this.#pending = new Pending(options.onRefused ?? report)
    this.#tidying = new Tidying({ clock, random, report })
    this.#conversation = new Conversation(options, {
      hello: () => this.#hello(),
      mutate: (mutations) => this.#mutate(mutations),
      receive: (message) => this.#receive(message),
      state: (state, by) => this.#tellState(state, by),
      report,
    })
  }

  open(listener: EngineListener): Position {
    this.#listener = listener
    listener.connection("connecting")
    this.#begun = this.#begin()
    this.#begun.catch((error) => this.base.fail(error))
    return { epoch: "", head: 0 }
  }

  async commit(batches: readonly StampedBatch[]): Promise<readonly Outcome[]> {
    await this.#begun
    const client = this.#client
    const named = this.#named
    const added = batches.map((batch) => this.#pending.add(batch))
    // Stored before it is sent: else a crash could send a number twice with different writes.
    try {
      await named
      await this.#outbox.put(
        client,
        added.map(({ item }) => item),
      )
    } catch (error) {
      for (const { lost } of added) lost()
      throw error
    }
    this.#conversation.send(added.map(({ stored }) => stored()))
    return Promise.all(added.map(({ outcome }) => outcome))
  }

  ingest(): never {
    throw new StoreError("unsupported", "A replica takes changes from its authority alone")
  }

  /** Tries at once to reach the authority. */
  reconnect(): void {
    this.#conversation.again()
  }

  async close(): Promise<void> {
    this.#conversation.close()
    const hint = this.#options.storage
      ? "The write is in the outbox and will be sent by the next run"
      : "Keep the replica open longer"
    const what = "The replica was closed before its authority had answered"
    const closed = new StoreError("closed", what, { hint })
    this.#pending.abandon(closed)
    this.base.fail(closed)
    const tidied = this.#tidying.end()
    await this.#begun?.catch(() => {})
    await tidied
    await this.#outbox.close()
    await this.base.close()
  }

  /** Takes up what an earlier run has left, then talks to the authority. */
  async #begin(): Promise<void> {
    const kept = await this.#outbox.open()
    if (kept === undefined) await this.#outbox.become({ client: this.#client }, [])
    else this.#client = kept.client
    const base = await this.base.load()
    if (base !== undefined) this.#tellBase({ to: base.to, changes: [] }, [])
    if (kept !== undefined) this.#listener?.pending(this.#pending.restore(kept.items, kept.last))
    this.#conversation.start()
  }

  #hello(): Hello {
    const { follow, schemas } = this.#options
    const { epoch, position, view } = this.base
    const client = this.#client
    return { type: "hello", protocol: PROTOCOL, client, epoch, position, view, follow, schemas }
  }

  #mutate(mutations: readonly Mutation[]): Mutate | undefined {
    const { epoch } = this.base
    if (epoch === null) return undefined // They go when there is a sequence that they are for.
    const { answered } = this.#pending
    return { type: "mutate", client: this.#client, epoch, answered, mutations }
  }

  #report(error: unknown): void {
    this.#listener?.report(error)
  }

  #tellState(state: ReplicaState, by: ServerMessage | undefined): void {
    if (state === "connecting") this.#hasMoved = false
    this.#listener?.connection(CONNECTION[state], reasonOf(by))
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        this.#welcomed = message
        // To another sequence we say nothing before its snapshot is here.
        if (message.epoch !== this.base.epoch) return
        // One that was held up on the way knows less than what has come since.
        this.#known = Math.max(message.lastMutation, this.#hasMoved ? this.#known : 0)
        this.#pending.numberAbove(message.lastMutation)
        return this.#sendUnanswered()
      case "changes":
        return this.#takeChanges(message)
      case "reset":
        return this.#parts.restart()
      case "snapshot":
        return this.#receiveSnapshot(message)
      case "ack":
      case "reject":
        return this.#release(this.#pending.answer(message, (batch) => this.base.resultsOf(batch)))
      case "expected":
        return this.#receiveExpected(message.mutation)
      case "alive":
        if (message.to !== null) this.#compare(message.to)
        return
      case "retry":
        return this.#conversation.later(message.afterMs, () => this.#sendUnanswered())
      case "incompatible":
      case "denied":
        return
    }
  }

  #sendUnanswered(from = 0): void {
    this.#conversation.send(this.#pending.unanswered(from))
  }

  #receiveSnapshot(message: Extract<FeedMessage, { type: "snapshot" }>): void {
    const whole = this.#parts.add(message)
    if (whole === "broken") return this.#conversation.restart()
    const received = whole ? message.total : this.#parts.received
    this.#options.onProgress({ received, total: message.total })
    if (whole !== undefined) this.#takeSnapshot(whole)
  }

  /** We are somewhere else than we were told up to, or have something else: something was lost on the way. */
  #compare(to: number): void {
    const { epoch, view, position } = this.base
    const { epoch: toldEpoch, view: toldView } = this.#welcomed ?? {}
    if (to !== position || epoch !== toldEpoch || view !== toldView) this.#conversation.restart()
  }

  #takeChanges(message: Extract<FeedMessage, { type: "changes" }>): void {
    if (!this.base.fits(message)) return this.#conversation.restart()
    const step = this.base.changes(message)
    this.#take(step, message.lastMutation, (settled) => {
      const { to, changes } = step
      this.#listener?.advance({ to, changes, settled })
    })
  }

  #takeSnapshot(whole: WholeSnapshot): void {
    const { lastMutation } = whole
    const isOther = this.base.isOther(whole)
    // Where this very link has brought something, it may be one that was held up: a new link will tell.
    if (isOther && this.#hasMoved) return this.#conversation.restart()
    const step = this.base.state(whole)
    let owed: Owed | undefined
    this.#take(step, lastMutation, (settled) => {
      if (isOther) owed = this.#pending.oweAgain(lastMutation)
      // What was confirmed and is owed again is shown as pending again, all in the order of the numbers.
      const batches = owed?.batches ?? []
      this.#tellBase(step, [...settled, ...batches.map(({ id }) => id)])
      this.#listener?.pending(batches)
    })
    if (!isOther) return this.#sendUnanswered()
    // At once: an answer that is still on its way is one of the other sequence.
    this.#conversation.pause()
    this.#goOnWith(owed)
  }

  /** Moves the base, tells of it, and lets go of the writes that it includes. */
  #take(step: BaseStep, lastMutation: number, tell: (settled: readonly number[]) => void): void {
    step.take()
    const settled = this.#pending.processedUpTo(lastMutation)
    this.#known = lastMutation
    this.#hasMoved = true
    tell(settled)
    this.#release(this.#pending.settle())
  }

  /** Tells that another state has come in place of what was there. */
  #tellBase({ to, changes }: Pick<BaseStep, "to" | "changes">, settled: readonly number[]): void {
    const { epoch } = this.base
    this.base.hydrate()
    if (epoch !== null) this.#listener?.advance({ to, changes, settled, epoch, reset: true })
  }

  /** Lets the outbox forget what was answered, and is in a base that is kept. */
  #release(mutations: readonly number[]): void {
    const isAsked = this.#released.length > 0
    this.#released.push(...mutations)
    if (isAsked || mutations.length === 0) return
    this.#tidying.add(async () => {
      const client = this.#client
      const done = this.#released.splice(0)
      // What the disk does not have in the base, it has in the outbox.
      if (!(await this.base.isKept())) return
      await this.#outbox.drop(client, done)
      if (client === this.#client) this.#pending.forget(done)
    })
  }

  #receiveExpected(mutation: number): void {
    if (this.#pending.has(mutation)) this.#sendUnanswered(mutation)
    // It has what it did not have then; and with a lower number open, one write could get two.
    else if (mutation <= this.#known || this.#pending.hasBelow(mutation))
      this.#conversation.later(LATE, () => this.#sendUnanswered())
    else this.#startAnew() // It misses one that we no longer have: its log, or our outbox, was lost.
  }

  /** Goes on as another client: the old one's numbers belong to a sequence, or an outbox, that is gone. */
  #startAnew(): void {
    // At once: an answer that is still on its way means an old number.
    this.#conversation.pause()
    this.#client = newClient()
    this.#released.length = 0 // The outbox becomes another one, without them.
    this.#known = 0
    this.#goOnWith({ items: this.#pending.renumber() })
  }

  /** Talks again, once the outbox is the client's and has what is owed; as it is when not given. */
  #goOnWith(owed: { readonly items: readonly OutboxItem[]; readonly last?: number } | undefined) {
    const identity = { client: this.#client }
    const become = async () => owed && this.#outbox.become(identity, owed.items, owed.last)
    const named = this.#tidying.insist(become)
    if (owed !== undefined) this.#named = named
    named.then(() => this.#conversation.start()).catch((error) => this.#report(error))
  }
}
