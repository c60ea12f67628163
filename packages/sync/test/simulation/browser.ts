import { StoreError } from "@tidemark/core"
import type { FollowTarget } from "../../src/follow.ts"
import { settled, VirtualClock } from "./clock.ts"
import type { Dice } from "./dice.ts"
import { SimulatedDisk } from "./disk.ts"
import { Invariants } from "./invariants.ts"
import { COUNTERS } from "./kinds.ts"
import { live } from "./living.ts"
import { SimulatedOrigin } from "./origin.ts"
import { People } from "./people.ts"
import { SimulatedStorage } from "./storage-worker.ts"
import { SimulatedTab } from "./tab.ts"
import { Trace } from "./trace.ts"
import type { Breakage } from "./world.ts"

/** So many timers may be called before all must be at rest. */
const PATIENCE = 6_000

/** A browser: tabs that share a store, the workers that keep it, and all that can happen to them. */
export class Browser {
  readonly clock = new VirtualClock()
  readonly #dice: Dice
  readonly #trace = new Trace(this.clock)
  readonly #people: People
  readonly #disk: SimulatedDisk
  readonly #tabs: readonly SimulatedTab[]
  readonly #invariants: Invariants

  constructor(dice: Dice, { tabsDisk, origin: broken }: Breakage = {}) {
    const { clock } = this
    const disk = new SimulatedDisk(clock, dice, tabsDisk)
    const people = new People(dice)
    const invariants = new Invariants({ disk }, people, () => clock.now())
    const origin = new SimulatedOrigin(clock, dice, broken)
    const storage = new SimulatedStorage(clock, dice, disk, () => invariants.crashed())
    this.#dice = dice
    this.#disk = disk
    this.#people = people
    this.#invariants = invariants
    const report = (error: unknown): void => {
      this.#trace.note(`reported: ${String(error)}`)
      if (!StoreError.is(error, "storage_unavailable")) people.surprises.push(String(error))
    }
    this.#tabs = Array.from({ length: dice.between(1, 4) }, (_, index) => {
      const name = `tab ${index + 1}`
      const hears = {
        logOf: invariants.logOf,
        fail: invariants.fail,
        said: (...[tab, message]: Parameters<Invariants["said"]>) => {
          this.#trace.note(`${name} says`, message)
          invariants.said(tab, message)
        },
        told: (message: Parameters<Invariants["told"]>[0]) => {
          this.#trace.note(`${name} is told`, message)
          invariants.told(message)
        },
      }
      const follow = dice.one(FOLLOWED)
      return new SimulatedTab({ name, clock, dice, origin, storage, follow, hears, report })
    })
  }

  /** Lets some things happen; gives the first thing that should not have, if there was one. */
  live(steps: number): Promise<string | undefined> {
    const { clock } = this
    const dice = this.#dice
    const happen = () => (dice.chance(0.3) ? this.#fault() : this.#act())
    const settle = () => this.#settle()
    return live({ clock, dice, trace: this.#trace, mostTimers: 12, happen, settle }, 2 * steps)
  }

  /** Ends all faults and waits until everything is at rest. */
  async rest(): Promise<string | undefined> {
    this.#trace.note("calm")
    this.#disk.isFull = false
    for (const tab of this.#tabs) if (tab.process.isFrozen) tab.thaw()
    for (let step = 0; step < PATIENCE; step++) {
      for (const tab of this.#tabs) if (tab.isDown) tab.open()
      this.clock.step()
      const broken = await this.#settle()
      if (broken !== undefined) return broken
      if (this.#unrest() === undefined) return undefined
    }
    return this.#unrest()
  }

  /** What has happened. */
  trace(): string[] {
    return this.#trace.lines()
  }

  #act(): string {
    const tab = this.#dice.one(this.#tabs)
    const { name, store, process, running, held, follow } = tab
    if (store === undefined || process.isFrozen) return ""
    const isHeld = (kind: string) => tab.hasBase && held.some((one) => one.kind === kind)
    const place = { store, process, name, running, isHeld, isPlain: true }
    const asks = held.length < follow.length && this.#dice.chance(0.4)
    return `${name}: ${asks ? this.#people.read(place) : this.#people.write(place)}`
  }

  /** Lets something go wrong, or become right again. Gives what it was. */
  #fault(): string {
    const what = this.#dice.weighed(OFTEN)
    const tab = this.#dice.one(this.#tabs)
    FAULTS[what](tab, this.#disk)
    return `${what}: ${tab.name}`
  }

  async #settle(): Promise<string | undefined> {
    await settled()
    this.#invariants.check(this.#tabs)
    return this.#invariants.broken[0]
  }

  /** What is not at rest yet. */
  #unrest(): string | undefined {
    const open = this.#people.intents.find(
      ({ state, process }) => state === "open" && process.isAlive,
    )
    if (open !== undefined) return `${open.name} never ends`
    if (this.#disk.durable < this.#disk.log.length) return "the disk never gets to rest"
    for (const tab of this.#tabs) {
      const { pending, connection } = tab.store?.status.get() ?? {}
      if (pending !== 0) return `${tab.name} keeps ${pending} pending writes`
      if (connection !== "live") return `${tab.name} stays ${connection}`
      if (tab.shown(this.clock.now()) !== this.#invariants.whole(tab.held))
        return `${tab.name} stays behind`
      const wrong = tab.screens?.wrong(this.#invariants.newest())
      if (wrong !== undefined) return `${tab.name} goes on to show ${wrong}`
    }
    return undefined
  }
}

const ALL: readonly FollowTarget[] = ["notes", "drafts", "brief", COUNTERS].map((kind) => ({
  kind,
}))

/** What tabs follow. */
const FOLLOWED: readonly (readonly FollowTarget[])[] = [
  ALL,
  [{ kind: "notes", where: { even: true } }, { kind: COUNTERS }],
  [{ kind: "notes", hold: false }, { kind: COUNTERS }],
]

/** How often each fault comes, among the others. */
const OFTEN: Readonly<Record<keyof typeof FAULTS, number>> = {
  "kill a tab": 3,
  "close a tab": 2,
  "open a tab": 6,
  "stop a tab": 2,
  "hang a tab": 1,
  "go on with a tab": 5,
  "kill a worker": 2,
  "fill the disk": 1,
  "empty the disk": 3,
}

const FAULTS = {
  "kill a tab": (tab) => tab.kill(),
  "close a tab": (tab) => tab.close(),
  "open a tab": (tab) => tab.isDown && tab.open(),
  "stop a tab": (tab) => tab.freeze(true),
  "hang a tab": (tab) => tab.freeze(false),
  "go on with a tab": (tab) => tab.process.isFrozen && tab.thaw(),
  "kill a worker": (tab) => tab.killWorker(),
  "fill the disk": (_, disk) => {
    disk.isFull = true
  },
  "empty the disk": (_, disk) => {
    disk.isFull = false
  },
} satisfies Record<string, (tab: SimulatedTab, disk: SimulatedDisk) => unknown>
