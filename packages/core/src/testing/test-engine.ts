import type { Awaitable } from "../awaitable.ts"
import type { StampedBatch } from "../batch.ts"
import type { Change } from "../change.ts"
import type { Clock } from "../clock.ts"
import type {
  Engine,
  EngineListener,
  KindRange,
  KindsMoment,
  Moment,
  Outcome,
  Position,
  Range,
  Retention,
  StorageFailure,
} from "../engine.ts"
import { MemoryEngine } from "../engines/memory.ts"
import { StoreError } from "../errors.ts"
import { RefusedBatches, restsOnRefused } from "../refused.ts"
import type { Faults } from "./fault.ts"
import type { TestLink } from "./test-link.ts"

/** What a test store stores in, at the other end of its link. */
export class TestAuthority extends MemoryEngine {
  /** Called when something was committed. */
  onCommit: () => void = () => {}

  override commit(batches: readonly StampedBatch[]): readonly Outcome[] {
    const outcomes = super.commit(batches)
    this.onCommit()
    return outcomes
  }
}

/**
 * The engine of a test store: a copy of its authority, as a replica has one. What is committed
 * travels over the link, and meets its faults; what others commit comes the other way.
 */
export class TestEngine implements Engine {
  readonly name = "test"
  readonly storage = "memory"
  readonly durability = "none"
  readonly gaps: Engine["gaps"] = { persistence: "memory ends with its process" }
  readonly #base = new MemoryEngine()
  readonly #authority: TestAuthority
  readonly #epoch: string
  readonly #clock: Clock
  readonly #link: TestLink
  readonly #faults: Faults
  /** What has met a fault, and what rests on that. What the authority refuses, it knows itself. */
  readonly #refused = new RefusedBatches()
  #listener: EngineListener | undefined
  #position = 0
  /** The commits that wait, one after the other. */
  #underWay: Promise<unknown> | undefined
  #isApplying = false
  #failure: StorageFailure | undefined

  /** On an authority that is open, at its epoch. */
  constructor({ authority, epoch, clock, link, faults }: TestEngineParts) {
    this.#authority = authority
    this.#epoch = epoch
    this.#clock = clock
    this.#link = link
    this.#faults = faults
  }

  open(listener: EngineListener): Position {
    this.#listener = listener
    this.#take()
    this.#authority.onCommit = () => this.#othersCommitted()
    if (this.#link.isOffline) listener.connection("offline")
    return { epoch: this.#epoch, head: this.#position }
  }

  commit(batches: readonly StampedBatch[]): Awaitable<readonly Outcome[]> {
    const errors = batches.map((batch) => this.#faults.ofBatch(batch))
    // What fails here never needs the link.
    const travel = this.#link.writing(errors.includes(undefined))
    if (travel === undefined && this.#underWay === undefined) return this.#arrive(batches, errors)
    const done = Promise.all([this.#underWay, travel]).then(() => this.#arrive(batches, errors))
    const underWay: Promise<unknown> = done.then(
      () => this.#arrived(underWay),
      () => this.#arrived(underWay),
    )
    this.#underWay = underWay
    return done
  }

  /** The link is there again, or not; what was committed at its other end comes with it. */
  connection(state: "live" | "offline"): void {
    this.#listener?.connection(state)
    if (state === "live") this.#follow([])
  }

  ingest(): never {
    throw new StoreError("unsupported", "A test store takes changes from its authority alone")
  }

  place(): ReturnType<Engine["place"]> {
    return this.#read(undefined, () => this.#base.place())
  }

  row(kind: string, key: string, at?: number): ReturnType<Engine["row"]> {
    return this.#read(kind, () => this.#base.row(kind, key, at))
  }

  scan(kind: string, range: Range): ReturnType<Engine["scan"]> {
    return this.#read(kind, () => this.#base.scan(kind, range))
  }

  count(kind: string, moment: Moment): ReturnType<Engine["count"]> {
    return this.#read(kind, () => this.#base.count(kind, moment))
  }

  /** The base is in memory, which keeps no indexes. */
  seek(): undefined {}

  tally(): undefined {}

  kinds(moment: KindsMoment): ReturnType<Engine["kinds"]> {
    return this.#read(undefined, () => this.#base.kinds(moment))
  }

  snapshot(kinds?: readonly string[] | KindRange): ReturnType<Engine["snapshot"]> {
    return this.#read(undefined, () => this.#base.snapshot(kinds))
  }

  usage(scope: string, now: number): ReturnType<Engine["usage"]> {
    return this.#read(undefined, () => this.#base.usage(scope, now))
  }

  expiring(limit: number): ReturnType<Engine["expiring"]> {
    return this.#base.expiring(limit)
  }

  changes(after: number, limit: number): ReturnType<Engine["changes"]> {
    return this.#read(undefined, () => this.#base.changes(after, limit))
  }

  since(after: number, limit: number): ReturnType<Engine["since"]> {
    return this.#read(undefined, () => this.#base.since(after, limit))
  }

  history(kind: string, key: string, limit: number): ReturnType<Engine["history"]> {
    return this.#read(kind, () => this.#base.history(kind, key, limit))
  }

  prune(retention: Retention): ReturnType<Engine["prune"]> {
    return this.#base.prune(retention)
  }

  check(): ReturnType<Engine["check"]> {
    return this.#base.check()
  }

  backup(): never {
    return this.#base.backup()
  }

  close(): void {
    this.#authority.onCommit = () => {}
  }

  #read<T>(kind: string | undefined, call: () => T): Awaitable<T> {
    const error = this.#faults.ofRead(kind)
    return this.#link.read(() => {
      if (error !== undefined) throw error
      return call()
    })
  }

  /** What has travelled is committed, and comes back at once: a round trip is one latency. */
  #arrive(
    batches: readonly StampedBatch[],
    faults: readonly (StoreError | undefined)[],
  ): readonly Outcome[] {
    const errors = batches.map((batch, index) => {
      const error = faults[index] ?? (this.#refused.refuses(batch) ? restsOnRefused() : undefined)
      if (error !== undefined) this.#refused.add(batch.id)
      return error
    })
    this.#isApplying = true
    const accepted = batches.filter((_, index) => errors[index] === undefined)
    const applied = this.#authority.commit(accepted.map(elsewhere))
    this.#isApplying = false
    this.#follow(batches.map(({ id }) => id))
    this.#tellHealth(faults)
    const outcomes = applied.values()
    return errors.map((error) =>
      error === undefined ? (outcomes.next().value as Outcome) : { applied: false, error },
    )
  }

  #arrived(commit: Promise<unknown>): void {
    if (this.#underWay === commit) this.#underWay = undefined
  }

  #othersCommitted(): void {
    if (this.#isApplying || this.#link.isOffline) return
    const follow = () => {
      if (!this.#link.isOffline) this.#follow([])
    }
    if (this.#link.writeLatency === 0) follow()
    else this.#clock.after(this.#link.writeLatency, follow)
  }

  #follow(settled: readonly number[]): void {
    const changes = this.#take()
    if (changes.length === 0 && settled.length === 0) return
    this.#listener?.advance({ to: this.#position, changes, settled })
  }

  /** Takes over what the authority has more than the base. */
  #take(): readonly Change[] {
    const changes = this.#authority.changes(this.#position, Number.POSITIVE_INFINITY)
    this.#position = changes.at(-1)?.seq ?? this.#position
    this.#base.ingest({ epoch: this.#epoch, to: this.#position, changes })
    return changes
  }

  #tellHealth(errors: readonly (StoreError | undefined)[]): void {
    const error = errors.findLast((one) =>
      StoreError.is(one, "storage_unavailable", "read_only", "corrupt"),
    )
    if (error === undefined && (this.#failure === undefined || !errors.includes(undefined))) return
    const since = this.#failure?.since ?? this.#clock.now()
    this.#failure = error && { error: error.toJSON(), since }
    this.#listener?.health(this.#failure)
  }
}

/** A batch as the authority gets it, which numbers its own batches from 1. */
function elsewhere(batch: StampedBatch): StampedBatch {
  const { id, after } = batch
  return { ...batch, id: -id, ...(after && { after: after.map((other) => -other) }) }
}

/** What a test engine works with. */
export interface TestEngineParts {
  readonly authority: TestAuthority
  readonly epoch: string
  readonly clock: Clock
  readonly link: TestLink
  readonly faults: Faults
}
