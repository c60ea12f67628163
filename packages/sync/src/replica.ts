// Over 250 lines: what a replica does with what it is told stands in one place.
import { StoreError } from "@tidemark/core"
import type { Engine, EngineListener, Outcome, Position, StampedBatch } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { Base, type BaseStep } from "./base.ts"
import { Conversation } from "./conversation.ts"
import { unheldOf } from "./follow.ts"
import { guarded } from "./guarded.ts"
import type { FeedMessage, Hello, ServerMessage } from "./message.ts"
import { Owing } from "./owing.ts"
import { type Owed, Pending } from "./pending.ts"
import { PROTOCOL } from "./protocol.ts"
import { Questions } from "./questions.ts"
import type { ReplicaOptions } from "./replica-options.ts"
import { ReplicaReads } from "./replica-reads.ts"
import { SnapshotParts, type WholeSnapshot } from "./snapshot-parts.ts"
import { CONNECTION, type ReplicaState } from "./states.ts"
import { reasonOf } from "./turned-away.ts"
import { Unheld } from "./unheld.ts"

/** How long to wait after an answer that came too late to mean anything, or not in time, in milliseconds. */
const LATE = 1_000

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
  protected readonly unheld: Unheld
  readonly #options: ReplicaOptions
  readonly #pending: Pending
  readonly #owing: Owing
  readonly #conversation: Conversation
  readonly #questions: Questions
  readonly #parts = new SnapshotParts()
  readonly #onProgress: ReplicaOptions["onProgress"]
  #begun: Promise<void> | undefined
  #listener: EngineListener | undefined
  /** The highest number of ours that the authority is known to have. */
  #known = 0
  /** What the link that is open now is about. */
  #welcomed: { readonly epoch: string; readonly view: string } | undefined
  /** Which link is open, or the next: 1, 2, 3 … */
  #link = 1
  /** Whether the base has moved on the link that is open now. */
  #hasMoved = false
  #isLive = false
  #cancelReading: () => void = () => {}

  constructor(options: ReplicaOptions) {
    super()
    const { storage, follow, clock, random, deadline } = options
    const report = (error: unknown) => this.#report(error)
    this.#options = options
    this.storage = storage?.base.storage ?? "memory"
    this.durability = storage?.base.durability ?? "none"
    this.base = new Base(storage?.base, follow, report)
    this.#onProgress = guarded(options.onProgress, report)
    this.#pending = new Pending({
      refused: guarded(options.onRefused ?? report, report),
      hide: (settled) => this.#hide(settled),
      resultsOf: (batch) => this.base.resultsOf(batch),
    })
    this.#owing = new Owing({
      outbox: storage?.outbox ?? new MemoryEngine(),
      isKept: storage !== undefined,
      pending: this.#pending,
      base: this.base,
      clock,
      random,
      report,
    })
    this.#questions = new Questions({
      clock,
      deadline,
      send: (asks) => this.#conversation.ask({ type: "ask", follow, asks }),
      late: () => this.#readLater(),
      base: () => (this.base.isHydrated ? this.base : undefined),
    })
    this.unheld = new Unheld(
      unheldOf(follow),
      (read) => this.#questions.ask(read),
      () => this.base.position,
    )
    this.#conversation = new Conversation(options, {
      hello: () => this.#hello(),
      mutate: (mutations) => this.#owing.mutate(mutations, this.base.epoch),
      sent: (mutations) => this.#pending.sent(mutations, this.#link),
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
    const { mutations, outcomes } = await this.#owing.store(batches)
    // A welcome may have sent some in the meantime, with all that is stored.
    this.#conversation.send(this.#pending.unsent(mutations))
    return outcomes
  }

  ingest(): never {
    throw new StoreError("unsupported", "A replica takes changes from its authority alone")
  }

  /** Tries at once to reach the authority. */
  reconnect(): void {
    this.#conversation.again()
  }

  async close(): Promise<void> {
    this.#cancelReading()
    this.#conversation.close()
    const hint = this.#options.storage
      ? "The write is in the outbox and will be sent by the next run"
      : "Keep the replica open longer"
    const what = "The replica was closed before its authority had answered"
    const closed = new StoreError("closed", what, { hint })
    this.base.fail(closed)
    this.#questions.refuse(closed)
    await this.#owing.close(closed, this.#begun)
    await this.base.close()
  }

  /** Takes up what an earlier run has left, then talks to the authority. */
  async #begin(): Promise<void> {
    const takeUp = await this.#owing.open()
    const base = await this.base.load()
    if (base !== undefined) this.#tellBase({ to: base.to, changes: [] }, [])
    this.#listener?.pending(takeUp())
    this.#conversation.start()
  }

  #hello(): Hello {
    const { follow, schemas } = this.#options
    const { epoch, position, view } = this.base
    const { client } = this.#owing
    return { type: "hello", protocol: PROTOCOL, client, epoch, position, view, follow, schemas }
  }

  #report(error: unknown): void {
    this.#listener?.report(error)
  }

  #tellState(state: ReplicaState, by: ServerMessage | undefined): void {
    if (state === "connecting") {
      this.#hasMoved = false
      this.#link++
    }
    this.#isLive = state === "live"
    const reason = reasonOf(by)
    if (reason !== undefined) this.#questions.refuse(StoreError.from(reason))
    else if (state === "connecting" || state === "offline") this.#questions.unlinked()
    else this.#questions.linked()
    this.#listener?.connection(CONNECTION[state], reason)
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        this.#welcomed = message
        this.#owing.begin(message.at, () => {
          // Once the base has moved on this link, it is of the sequence that is told there.
          if (message.epoch === this.base.epoch || this.#hasMoved) this.#sendUnanswered()
        })
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
        return this.#owing.release(this.#pending.answer(message))
      case "forgotten":
        return this.#receiveForgotten()
      case "expected":
        return this.#receiveExpected(message.mutation)
      case "answer":
        return this.#questions.answer(message)
      case "alive":
        // We are somewhere else than we were told up to: something was lost on the way.
        if (message.to !== null && !this.base.isAt(message.to, this.#welcomed))
          this.#conversation.restart()
        return
      case "retry":
        return this.#conversation.later(message.afterMs, () => this.#sendUnanswered())
      case "incompatible":
      case "denied":
        return
    }
  }

  /** What could not be read in time is read again: after a moment, or when the link is back. */
  #readLater(): void {
    this.#cancelReading()
    this.#cancelReading = this.#options.clock.after(LATE, () => {
      if (this.#isLive) this.#listener?.connection("live")
    })
  }

  #sendUnanswered(from = 0): void {
    this.#conversation.send(this.#pending.unanswered(from))
  }

  #receiveSnapshot(message: Extract<FeedMessage, { type: "snapshot" }>): void {
    const whole = this.#parts.add(message)
    if (whole === "broken") return this.#conversation.restart()
    const received = whole ? message.total : this.#parts.received
    this.#onProgress({ received, total: message.total })
    if (whole !== undefined) this.#takeSnapshot(whole)
  }

  #takeChanges(message: Extract<FeedMessage, { type: "changes" }>): void {
    if (!this.base.fits(message)) return this.#conversation.restart()
    const step = this.base.changes(message)
    this.#take(step, message.lastMutation, (settled) => {
      const { to, changes } = step
      this.unheld.told(changes)
      this.#listener?.advance({ to, changes, settled })
      this.#questions.moved()
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
    this.#goOnAfter(this.#owing.again(owed))
  }

  /** Moves the base, tells of it, and lets go of the writes that it includes. */
  #take(step: BaseStep, lastMutation: number, tell: (settled: readonly number[]) => void): void {
    step.take()
    const settled = this.#pending.processedUpTo(lastMutation)
    this.#known = lastMutation
    this.#hasMoved = true
    tell(settled)
    this.#owing.release(this.#pending.settle())
  }

  /** Tells that another state has come in place of what was there. */
  #tellBase({ to, changes }: Pick<BaseStep, "to" | "changes">, settled: readonly number[]): void {
    const { epoch, isHydrated } = this.base
    const { kinds } = this.unheld
    this.base.hydrate()
    // What was read before is of the state that was there, if there was one.
    if (isHydrated) this.unheld.restart()
    this.#questions.restart()
    const untold = isHydrated && kinds.length > 0 ? { untold: kinds } : {}
    const told = { to, changes, settled, reset: true, ...untold } as const
    if (epoch !== null) this.#listener?.advance({ ...told, epoch })
  }

  #receiveExpected(mutation: number): void {
    if (this.#pending.has(mutation)) this.#sendUnanswered(mutation)
    // It has what it did not have then; and with a lower number open, one write could get two.
    else if (mutation <= this.#known || this.#pending.hasBelow(mutation))
      this.#conversation.later(LATE, () => this.#sendUnanswered())
    else this.#startAnew() // It misses one that we no longer have: its log, or our outbox, was lost.
  }

  /** What the authority may have is given up, because it would have it twice; the rest is new. */
  #receiveForgotten(): void {
    const what =
      "The authority has forgotten this replica, and cannot tell whether it has this write"
    const hint = "Look whether it is there, and write again if it is not"
    const settled = this.#pending.giveUp(this.#link, new StoreError("aborted", what, { hint }))
    this.#hide(settled)
    this.#pending.settle()
    this.#startAnew()
  }

  /** Batches are not shown any more. */
  #hide(settled: readonly number[]): void {
    this.#listener?.advance({ to: this.base.position, changes: [], settled })
  }

  #startAnew(): void {
    // At once: an answer that is still on its way means an old number.
    this.#conversation.pause()
    this.#known = 0
    this.#goOnAfter(this.#owing.rename())
  }

  /** Talks again, once the outbox is the client's and has what is owed. */
  #goOnAfter(ready: Promise<void>): void {
    ready.then(() => this.#conversation.start()).catch((error) => this.#report(error))
  }
}
