import { type Change, type Clock, StoreError } from "@tidemark/core"
import {
  type Awaitable,
  type CheckReport,
  type Engine,
  type EngineListener,
  freezeJson,
  type Ingest,
  type KindRange,
  type KindsMoment,
  type Moment,
  type Outcome,
  type Position,
  type Pruned,
  type Range,
  type Retention,
  type Row,
  type Snapshot,
  type StampedBatch,
  type Usage,
} from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { backoff } from "./backoff.ts"
import type { Channel } from "./channel.ts"
import { Conversation } from "./conversation.ts"
import { difference } from "./difference.ts"
import { Disk } from "./disk.ts"
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
import { received } from "./sent.ts"
import { type Progress, SnapshotParts, type WholeSnapshot } from "./snapshot-parts.ts"
import { CONNECTION, type ReplicaState } from "./states.ts"

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
 * there is storage, kept there too; a commit goes to the outbox, then to the authority. Over 250
 * lines with its port, because what must happen in one step stands in one place.
 */
export class ReplicaEngine implements Engine {
  readonly name = "replica"
  readonly storage: Engine["storage"]
  readonly durability: Engine["durability"]
  readonly gaps: Readonly<Record<string, string>> = {
    history: "a replica tells the changes since it has its base",
  }
  readonly #options: ReplicaOptions
  readonly #base = new MemoryEngine()
  readonly #disk: Disk | undefined
  readonly #outbox: Outbox
  readonly #pending: Pending
  readonly #conversation: Conversation
  readonly #parts = new SnapshotParts()
  readonly #hydrated: Promise<void>
  #hydrate: () => void = () => {}
  #failHydration: (error: unknown) => void = () => {}
  #begun: Promise<void> | undefined
  #listener: EngineListener | undefined
  #client = newClient()
  /** Until the outbox is that of the client. */
  #named: Promise<void> = Promise.resolve()
  /** What the outbox is to forget or to become, one after the other, each after the base that it rests on. */
  #tidying: Promise<void> = Promise.resolve()
  /** Whether the newest step of the base is kept, once that is known. */
  #kept: Promise<boolean> | undefined
  /** What the outbox can let go of. */
  readonly #released: number[] = []
  /** The highest number of ours that the authority is known to have. */
  #known = 0
  #epoch: string | null = null
  /** The sequence that the link which is open now is about. */
  #welcomed: string | null = null
  #position = 0
  #isHydrated = false
  #isClosed = false
  /** Ends a wait for the outbox. */
  #wake: () => void = () => {}
  /** Whether the base has moved on the link that is open now. */
  #hasMoved = false

  constructor(options: ReplicaOptions) {
    const { storage } = options
    this.#options = options
    this.storage = storage?.base.storage ?? "memory"
    this.durability = storage?.base.durability ?? "none"
    this.#disk = storage && new Disk(storage.base, (error) => this.#report(error))
    this.#outbox = new Outbox(storage?.outbox ?? new MemoryEngine())
    this.#pending = new Pending(options.onRefused ?? ((error) => this.#report(error)))
    this.#hydrated = new Promise((resolve, reject) => {
      this.#hydrate = resolve
      this.#failHydration = reject
    })
    this.#hydrated.catch(() => {}) // Who reads hears of it.
    this.#conversation = new Conversation(options, {
      hello: () => this.#hello(),
      mutate: (mutations) => this.#mutate(mutations),
      receive: (message) => this.#receive(message),
      state: (state) => this.#tellState(state),
      report: (error) => this.#report(error),
    })
  }

  open(listener: EngineListener): Position {
    this.#listener = listener
    listener.connection("connecting")
    this.#begun = this.#begin()
    this.#begun.catch((error) => this.#failHydration(error))
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

  row(kind: string, key: string, at?: number): Awaitable<Row | undefined> {
    return this.#read(() => this.#base.row(kind, key, at))
  }

  scan(kind: string, range: Range): Awaitable<readonly Row[]> {
    return this.#read(() => this.#base.scan(kind, range))
  }

  count(kind: string, moment: Moment): Awaitable<number> {
    return this.#read(() => this.#base.count(kind, moment))
  }

  /** The base is in memory, which keeps no indexes. */
  seek(): undefined {}

  tally(): undefined {}

  kinds(moment: KindsMoment): Awaitable<readonly string[]> {
    return this.#read(() => this.#base.kinds(moment))
  }

  snapshot(kinds?: readonly string[] | KindRange): Awaitable<Snapshot> {
    return this.#read(() => this.#base.snapshot(kinds))
  }

  usage(scope: string, now: number): Awaitable<Usage> {
    return this.#read(() => this.#base.usage(scope, now))
  }

  expiring(limit: number): Awaitable<readonly Row[]> {
    return this.#read(() => this.#base.expiring(limit))
  }

  changes(after: number, limit: number): ReturnType<Engine["changes"]> {
    return this.#read(() => this.#base.changes(after, limit))
  }

  since(after: number, limit: number): ReturnType<Engine["since"]> {
    return this.#read(() => this.#base.since(after, limit))
  }

  history(kind: string, key: string, limit: number): ReturnType<Engine["history"]> {
    return this.#read(() => this.#base.history(kind, key, limit))
  }

  prune(retention: Retention): Pruned {
    return this.#base.prune(retention)
  }

  check(): Awaitable<CheckReport> {
    return this.#base.check()
  }

  backup(): never {
    return this.#base.backup()
  }

  /** Tries at once to reach the authority. */
  reconnect(): void {
    this.#conversation.again()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#wake()
    this.#conversation.close()
    const closed = new StoreError(
      "closed",
      "The replica was closed before its authority had answered",
      {
        hint: this.#disk
          ? "The write is in the outbox and will be sent by the next run"
          : "Keep the replica open longer",
      },
    )
    this.#pending.abandon(closed)
    this.#failHydration(closed)
    await this.#begun?.catch(() => {})
    await this.#tidying
    await this.#outbox.close()
    await this.#disk?.close()
  }

  #read<T>(read: () => T): Awaitable<T> {
    return this.#isHydrated ? read() : this.#hydrated.then(read)
  }

  /** Takes up what an earlier run has left, then talks to the authority. */
  async #begin(): Promise<void> {
    const { follow } = this.#options
    const kept = await this.#outbox.open()
    if (kept === undefined) await this.#outbox.become({ client: this.#client, follow }, [])
    else this.#client = kept.client
    const base = await this.#disk?.load()
    const isSame = kept !== undefined && JSON.stringify(kept.follow) === JSON.stringify(follow)
    if (base !== undefined && isSame) this.#replaceBase(base, [])
    if (kept !== undefined) {
      const { items, last } = kept
      if (!isSame) await this.#outbox.become({ client: this.#client, follow }, items, last)
      this.#listener?.pending(this.#pending.restore(items, last))
    }
    this.#conversation.start()
  }

  #hello(): Hello {
    const { follow, schemas } = this.#options
    return {
      type: "hello",
      protocol: PROTOCOL,
      client: this.#client,
      epoch: this.#epoch,
      position: this.#position,
      view: null,
      follow,
      schemas,
    }
  }

  #mutate(mutations: readonly Mutation[]): Mutate | undefined {
    if (this.#epoch === null) return undefined // They go when there is a sequence that they are for.
    const { answered } = this.#pending
    return { type: "mutate", client: this.#client, epoch: this.#epoch, answered, mutations }
  }

  #report(error: unknown): void {
    this.#listener?.report(error)
  }

  #tellState(state: ReplicaState): void {
    if (state === "connecting") this.#hasMoved = false
    this.#listener?.connection(CONNECTION[state])
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        this.#welcomed = message.epoch
        if (message.epoch === this.#epoch) {
          // One that was held up on the way knows less than what has come since.
          this.#known = Math.max(message.lastMutation, this.#hasMoved ? this.#known : 0)
          this.#pending.numberAbove(message.lastMutation)
          // To another sequence we say nothing before its snapshot is here.
          this.#conversation.send(this.#pending.unanswered())
        }
        return
      case "changes":
        return this.#receiveChanges(message)
      case "reset":
        return this.#parts.restart()
      case "snapshot":
        return this.#receiveSnapshot(message)
      case "ack":
      case "reject":
        return this.#release(this.#pending.answer(message, (batch) => this.#resultsFromBase(batch)))
      case "expected":
        return this.#receiveExpected(message.mutation)
      case "alive":
        if (message.to !== null) this.#compare(message.to)
        return
      case "retry":
        return this.#conversation.later(message.afterMs, () =>
          this.#conversation.send(this.#pending.unanswered()),
        )
      case "incompatible":
      case "denied":
        return
    }
  }

  /** We are somewhere else than we were told up to, or in another sequence: something was lost on the way. */
  #compare(to: number): void {
    if (to !== this.#position || this.#epoch !== this.#welcomed) this.#conversation.restart()
  }

  #receiveChanges(message: Extract<FeedMessage, { type: "changes" }>): void {
    const { epoch, from, to, changes, lastMutation } = message
    if (epoch !== this.#epoch || from !== this.#position) return this.#conversation.restart()
    const step: Ingest = { epoch, to, changes: freezeJson(changes.map(received<Change>)) }
    this.#base.ingest(step)
    this.#settle(lastMutation, this.#disk?.keep(step), (settled) => {
      this.#position = to
      this.#hasMoved = true
      this.#listener?.advance({ to, changes: step.changes, settled })
    })
  }

  #receiveSnapshot(message: Extract<FeedMessage, { type: "snapshot" }>): void {
    const whole = this.#parts.add(message)
    if (whole === "broken") return this.#conversation.restart()
    this.#options.onProgress({
      received: whole ? message.total : this.#parts.received,
      total: message.total,
    })
    if (whole !== undefined) this.#takeSnapshot(whole)
  }

  #takeSnapshot({ epoch, to, rows, lastMutation }: WholeSnapshot): void {
    // A sequence that ends before our position has lost its end: it is another one from there on.
    const isOther = this.#epoch !== null && (epoch !== this.#epoch || to < this.#position)
    // Where this very link has brought something, it may be one that was held up: a new link will tell.
    if (isOther && this.#hasMoved) return this.#conversation.restart()
    const before = this.#base.snapshot().rows
    const changes = this.#isHydrated ? difference(before, rows, to) : []
    const step: Ingest = { epoch, to, changes: [], reset: { rows: freezeJson(rows) } }
    let owed: Owed | undefined
    this.#settle(lastMutation, this.#disk?.keep(step), (settled) => {
      if (isOther) owed = this.#pending.oweAgain(lastMutation)
      // What was confirmed and is owed again is shown as pending again, all in the order of the numbers.
      const batches = owed?.batches ?? []
      this.#replaceBase(step, [...settled, ...batches.map(({ id }) => id)], changes)
      this.#listener?.pending(batches)
    })
    this.#hasMoved = true
    if (!isOther) return this.#conversation.send(this.#pending.unanswered())
    // At once: an answer that is still on its way is one of the other sequence.
    this.#conversation.pause()
    this.#goOnWith(owed)
  }

  /** Puts a whole state in place of the base, and tells what that changed. */
  #replaceBase(step: Ingest, settled: readonly number[], changes: Ingest["changes"] = []): void {
    const { epoch, to } = step
    this.#base.ingest(step)
    this.#epoch = epoch
    this.#position = to
    this.#isHydrated = true
    this.#listener?.advance({ to, changes, settled, epoch, reset: true })
    this.#hydrate()
  }

  /** Lets go of the writes that the base has: in the same step as the base moves. */
  #settle(
    lastMutation: number,
    kept: Promise<boolean> | undefined,
    move: (settled: readonly number[]) => void,
  ): void {
    const ids = this.#pending.processedUpTo(lastMutation)
    this.#known = lastMutation
    this.#kept = kept
    move(ids)
    this.#release(this.#pending.settle())
  }

  /** Lets the outbox forget what was answered, and is in a base that is kept. */
  #release(mutations: readonly number[]): void {
    const isAsked = this.#released.length > 0
    this.#released.push(...mutations)
    if (isAsked || mutations.length === 0) return
    this.#tidy(async () => {
      await this.#forget(this.#client, this.#released.splice(0), this.#kept)
    }).catch((error) => this.#report(error))
  }

  async #forget(
    client: string,
    mutations: readonly number[],
    kept: Promise<boolean> | undefined,
  ): Promise<void> {
    if ((await kept) === false) return // What the disk does not have in the base, it has in the outbox.
    await this.#outbox.drop(client, mutations)
    if (client === this.#client) this.#pending.forget(mutations)
  }

  #receiveExpected(mutation: number): void {
    if (this.#pending.has(mutation)) this.#conversation.send(this.#pending.unanswered(mutation))
    // It has what it did not have then; and with a lower number open, one write could get two.
    else if (mutation <= this.#known || this.#pending.hasBelow(mutation))
      this.#conversation.later(LATE, () => this.#conversation.send(this.#pending.unanswered()))
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
    const { follow } = this.#options
    const identity = { client: this.#client, follow }
    const become = () => owed && this.#outbox.become(identity, owed.items, owed.last)
    const named = this.#tidy(() => this.#insist(async () => become()))
    if (owed !== undefined) this.#named = named
    named.then(() => this.#conversation.start()).catch((error) => this.#report(error))
  }

  /** Does it again after a while, and again, until it succeeds or the replica is closed. */
  async #insist(work: () => Promise<void>): Promise<void> {
    const { clock, random } = this.#options
    for (let failures = 0; ; failures++) {
      try {
        return await work()
      } catch (error) {
        if (this.#isClosed) throw error
        this.#report(error)
        let cancel = () => {}
        await new Promise<void>((resolve) => {
          this.#wake = resolve
          cancel = clock.after(backoff(failures, random), resolve)
        })
        cancel()
        if (this.#isClosed) throw error
      }
    }
  }

  #tidy(work: () => Promise<void>): Promise<void> {
    const done = this.#tidying.then(work)
    this.#tidying = done.catch(() => {}) // Who asked for it tells.
    return done
  }

  #resultsFromBase(batch: StampedBatch): Extract<Outcome, { applied: true }>["result"]["results"] {
    return batch.ops.map((op) => {
      const row = this.#base.row(op.kind, op.key)
      if (op.type === "delete" || op.type === "expire") {
        return { existed: row?.deleted === true, previous: row?.value }
      }
      // A touch that met nothing says so by version 0.
      if (op.type === "touch" && row?.deleted) return { outcome: "unchanged", version: 0, seq: 0 }
      return { outcome: "updated", version: row?.version ?? 0, seq: row?.seq ?? 0 }
    })
  }
}
