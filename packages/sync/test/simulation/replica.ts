import type { Store } from "@tidemark/core"
import { openStoreAtOnce, type Snapshot } from "@tidemark/core/engine"
import { type FollowTarget, followOf, schemasOf } from "../../src/follow.ts"
import type { Identity, OutboxItem } from "../../src/outbox.ts"
import { ReplicaEngine } from "../../src/replica.ts"
import { overheard } from "./answers.ts"
import type { SimulatedWay } from "./channel.ts"
import { Process, type VirtualClock } from "./clock.ts"
import type { Dice } from "./dice.ts"
import type { SimulatedDisk } from "./disk.ts"
import { shown } from "./fold.ts"
import type { Follower } from "./follower.ts"
import { type Application, OPEN_KINDS, type Version } from "./kinds.ts"
import { Screens } from "./screens.ts"

/** What is told of its answers. */
type Hears = Pick<Parameters<typeof overheard>[1], "logOf" | "fail">

/** How long a replica waits for an answer, in milliseconds. */
const DEADLINE = 5_000

/** What there is to be followed. */
const ALL: readonly FollowTarget[] = OPEN_KINDS.map((kind) => ({ kind }))

/** A replica on its disks: it runs, or it is down. */
export class SimulatedReplica implements Follower {
  readonly name: string
  readonly way: SimulatedWay
  /** What it follows, … */
  readonly follow: readonly FollowTarget[]
  /** … and what of that it holds. */
  readonly held: readonly FollowTarget[]
  base: SimulatedDisk
  outbox: SimulatedDisk
  process: Process
  store: Store | undefined
  /** Of the application, from its next start on. */
  version: Version
  screens: Screens | undefined
  readonly #clock: VirtualClock
  readonly #dice: Dice
  readonly #application: Application
  readonly #hears: Hears
  readonly #report: (error: unknown) => void
  #engine: ReplicaEngine | undefined
  #running: Version

  constructor(parts: {
    readonly name: string
    readonly clock: VirtualClock
    readonly dice: Dice
    readonly way: SimulatedWay
    readonly follow: readonly FollowTarget[] | undefined
    readonly base: SimulatedDisk
    readonly outbox: SimulatedDisk
    readonly application: Application
    readonly version: Version
    readonly hears: Hears
    readonly report: (error: unknown) => void
  }) {
    this.name = parts.name
    this.#clock = parts.clock
    this.#dice = parts.dice
    this.way = parts.way
    this.follow = parts.follow ?? ALL
    this.held = this.follow.filter(({ hold }) => hold !== false)
    this.#hears = parts.hears
    this.base = parts.base
    this.outbox = parts.outbox
    this.#application = parts.application
    this.version = parts.version
    this.#report = parts.report
    this.#running = parts.version
    this.process = new Process(parts.clock)
    this.start()
  }

  start(): void {
    const process = new Process(this.#clock)
    const kinds = this.#application(this.version)
    this.#running = this.version
    this.process = process
    const engine = new ReplicaEngine({
      channel: this.way.channel(process),
      follow: this.follow === ALL ? null : followOf(this.follow),
      schemas: schemasOf(kinds),
      storage: { base: this.base.open(process), outbox: this.outbox.open(process) },
      clock: process,
      random: this.#dice.random,
      deadline: DEADLINE,
      onProgress() {},
      onRefused() {},
    })
    this.#engine = engine
    const place = () => ({ epoch: store.epoch, position: store.position })
    const heard = overheard(engine, { ...this.#hears, follow: this.follow, place })
    const store: Store = openStoreAtOnce(heard, {
      clock: process,
      kinds,
      onError: this.#report,
    })
    this.store = store
    this.screens = new Screens(store, this.follow)
  }

  /** Ends it where it stands. */
  crash(): void {
    this.process.kill()
    this.store = undefined
    this.screens = undefined
    this.base.crash()
    this.outbox.crash()
  }

  /** Closes it in order; what it had on its way stays in the outbox. */
  close(): void {
    const { process, store } = this
    this.store = undefined
    this.screens = undefined
    store?.close().then(() => process.kill(), this.#report)
  }

  /** Whether it is down, and may be started. */
  get isDown(): boolean {
    return this.store === undefined && !this.process.isAlive
  }

  /** The version of the application that runs. */
  get running(): Version {
    return this.#running
  }

  get hasBase(): boolean {
    return this.store !== undefined && this.store.epoch !== ""
  }

  /** What the base has at a time, as text; `undefined` while there is none. */
  shown(now: number): string | undefined {
    if (this.#engine === undefined || !this.hasBase) return undefined
    const { rows } = this.#engine.snapshot(this.held.map(({ kind }) => kind)) as Snapshot
    return shown(rows, this.held, now)
  }

  get stores(): number {
    return this.outbox.writes
  }

  /** Who the outbox says it is. */
  get client(): string | undefined {
    return (this.outbox.rows("identity")[0]?.value as Identity | undefined)?.client
  }

  /** The numbers of a client in the outbox, and whether each is durable there. */
  stored(client: string): ReadonlyMap<number, boolean> {
    const rows = this.outbox.rows(`items of ${client}`)
    return new Map(rows.map(({ key, seq }) => [Number(key), seq <= this.outbox.durable]))
  }

  resting(client: string): readonly number[] {
    const items = this.outbox.rows(`items of ${client}`).map(({ value }) => value as OutboxItem)
    return items
      .filter(({ rests, stale }) => stale || rests !== undefined)
      .map(({ mutation }) => mutation)
  }
}
