import type { Store } from "@tidemark/core"
import { openStoreAtOnce, type Snapshot } from "@tidemark/core/engine"
import { broadcastChannel } from "../../src/broadcast-channel.ts"
import type { Channel } from "../../src/channel.ts"
import { type FollowTarget, followOf } from "../../src/follow.ts"
import { Leader } from "../../src/leader.ts"
import type { ClientMessage, ServerMessage } from "../../src/message.ts"
import { TabChannel } from "../../src/tab-channel.ts"
import { TabEngine } from "../../src/tab-engine.ts"
import { overheard } from "./answers.ts"
import { Process, type VirtualClock } from "./clock.ts"
import type { Dice } from "./dice.ts"
import { shown } from "./fold.ts"
import type { Follower } from "./follower.ts"
import type { Version } from "./kinds.ts"
import type { SimulatedOrigin } from "./origin.ts"
import { Screens } from "./screens.ts"
import { type SimulatedStorage, StorageWorker } from "./storage-worker.ts"

const ADDRESS = "tidemark:app"

/** How long a tab waits for an answer, in milliseconds. */
const DEADLINE = 5_000

export interface TabParts {
  readonly name: string
  readonly clock: VirtualClock
  readonly dice: Dice
  readonly origin: SimulatedOrigin
  readonly storage: SimulatedStorage
  readonly follow: readonly FollowTarget[]
  readonly hears: Pick<Parameters<typeof overheard>[1], "logOf" | "fail"> & {
    said(tab: Follower, message: ClientMessage): void
    told(message: ServerMessage): void
  }
  readonly report: (error: unknown) => void
}

/** A tab of an application: it is open, or it is not. */
export class SimulatedTab implements Follower {
  readonly name: string
  readonly follow: readonly FollowTarget[]
  readonly held: readonly FollowTarget[]
  readonly running: Version = 2
  readonly client = undefined
  readonly stores = 0
  process: Process
  store: Store | undefined
  screens: Screens | undefined
  readonly #parts: TabParts
  #engine: TabEngine | undefined
  #leader: Leader | undefined
  #channel: TabChannel | undefined
  #worker: StorageWorker | undefined

  constructor(parts: TabParts) {
    this.#parts = parts
    this.name = parts.name
    this.follow = parts.follow
    this.held = parts.follow.filter(({ hold }) => hold !== false)
    this.process = new Process(parts.clock)
    this.open()
  }

  /** As `openBrowserStore` does. */
  open(): void {
    const { clock, dice, origin, storage, report, hears } = this.#parts
    const process = new Process(clock)
    const own = origin.of(process)
    const channel = new TabChannel(broadcastChannel(ADDRESS, own))
    const { random } = dice
    const leader = new Leader({
      store: {
        name: ADDRESS,
        directory: "app",
        durability: "full",
        retention: {},
        kinds: {},
        patience: 500,
      },
      createWorker: () => {
        this.#worker = new StorageWorker({ page: process, clock, storage, origin })
        return this.#worker as unknown as Worker
      },
      origin: own,
      clock: process,
      random,
      elected: () => channel.await(),
      leads: (_, way) => channel.lead(way),
      resigned: () => channel.follow(),
      failed: report,
      report,
    })
    const engine = new TabEngine(
      {
        channel: this.#overheard(channel),
        follow: followOf(this.follow),
        schemas: {},
        storage: undefined,
        deadline: DEADLINE,
        clock: process,
        random,
        onProgress() {},
        onRefused: undefined,
      },
      "full",
      () => leader.resign(),
    )
    const place = () => ({ epoch: store.epoch, position: store.position })
    const heard = overheard(engine, { ...hears, follow: this.follow, place })
    const store: Store = openStoreAtOnce(heard, { clock: process, onError: report })
    leader.stand()
    this.process = process
    this.store = store
    this.screens = new Screens(store, this.follow)
    this.#engine = engine
    this.#leader = leader
    this.#channel = channel
  }

  /** Ends it where it stands, and its worker with it. */
  kill(): void {
    if (!this.process.isAlive) return
    this.process.kill()
    this.store = undefined
    this.screens = undefined
    this.#parts.origin.ended(this.process)
    this.#worker?.terminate()
  }

  /** Closes it in order. */
  close(): void {
    const { process, store } = this
    this.store = undefined
    this.screens = undefined
    const ended = () => {
      process.kill()
      this.#parts.origin.ended(process)
    }
    store?.close().then(ended, this.#parts.report)
  }

  /** The browser stops it: it is told so, or, where it hangs, it is not. */
  freeze(isTold: boolean): void {
    if (isTold) {
      this.#leader?.stepDown()
      this.#channel?.pause()
    }
    this.process.freeze()
  }

  thaw(): void {
    this.process.thaw()
    if (this.store === undefined) return
    this.#channel?.resume()
    this.#leader?.stand()
  }

  killWorker(): void {
    this.#worker?.terminate()
  }

  /** Whether it is not open, and may be opened. */
  get isDown(): boolean {
    return this.store === undefined && !this.process.isAlive
  }

  get hasBase(): boolean {
    return this.store !== undefined && this.store.epoch !== ""
  }

  shown(now: number): string | undefined {
    if (this.#engine === undefined || !this.hasBase) return undefined
    const { rows } = this.#engine.snapshot(this.held.map(({ kind }) => kind)) as Snapshot
    return shown(rows, this.held, now)
  }

  stored(): undefined {}

  resting(): readonly number[] {
    return []
  }

  #overheard(channel: Channel): Channel {
    const { hears } = this.#parts
    return {
      open: (receiver) => {
        const link = channel.open({
          message: (message) => {
            hears.told(message)
            receiver.message(message)
          },
          closed: (reason) => receiver.closed(reason),
        })
        return {
          send: (message) => {
            hears.said(this, message)
            link.send(message)
          },
          close: () => link.close(),
        }
      },
    }
  }
}
