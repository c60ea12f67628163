import { StoreError } from "@tidemark/core"
import type { FollowTarget } from "../../src/follow.ts"
import { SimulatedAuthority } from "./authority.ts"
import { CALM, SimulatedWay, type WayBreakage } from "./channel.ts"
import { settled, VirtualClock } from "./clock.ts"
import type { Dice } from "./dice.ts"
import { type DiskBreakage, SimulatedDisk } from "./disk.ts"
import { fault } from "./faults.ts"
import { Invariants } from "./invariants.ts"
import { COUNTERS, People } from "./people.ts"
import { SimulatedReplica } from "./replica.ts"

/** What is broken on purpose, to show that it is found out. */
export interface Breakage {
  readonly authorityDisk?: DiskBreakage
  readonly outbox?: DiskBreakage
  readonly way?: WayBreakage
}

/** So many timers may be called before all must be at rest. */
const PATIENCE = 4_000

/** An authority, its replicas, those who write, and all that can happen to them. */
export class World {
  readonly clock = new VirtualClock()
  readonly dice: Dice
  readonly people: People
  readonly authority: SimulatedAuthority
  readonly replicas: readonly SimulatedReplica[]
  readonly invariants: Invariants
  readonly #trace: (() => string)[] = []
  readonly #breakage: Breakage

  constructor(dice: Dice, breakage: Breakage = {}) {
    this.dice = dice
    this.#breakage = breakage
    this.people = new People(dice)
    this.authority = new SimulatedAuthority(
      this.clock,
      this.newDisk(breakage.authorityDisk),
      this.report,
    )
    this.invariants = new Invariants(this.authority, this.people, () => this.clock.now())
    this.replicas = Array.from({ length: dice.between(1, 4) }, (_, index) =>
      this.#newReplica(`replica ${index + 1}`),
    )
  }

  /** Lets some things happen; gives the first thing that should not have, if there was one. */
  async live(steps: number): Promise<string | undefined> {
    await settled()
    for (let step = 0; step < steps; step++) {
      const what = this.#happen()
      if (what !== "") this.#note(what)
      for (let timers = this.dice.between(0, 5); timers >= 0; timers--) {
        const broken = await this.#settle()
        if (broken !== undefined) return broken
        if (timers > 0) this.clock.step()
      }
    }
    return undefined
  }

  /** Ends all faults and waits until everything is at rest. */
  async rest(): Promise<string | undefined> {
    this.#note("calm")
    for (const { way } of this.replicas) {
      way.weather = CALM
      way.isParted = false
    }
    this.authority.disk.isFull = false
    if (this.authority.store === undefined) this.authority.start()
    for (let step = 0; step < PATIENCE; step++) {
      for (const replica of this.replicas) if (replica.isDown) replica.start()
      this.clock.step()
      const broken = await this.#settle()
      if (broken !== undefined) return broken
      if (this.#unrest() === undefined) return undefined
    }
    return this.#unrest()
  }

  /** What has happened. */
  trace(): string[] {
    return this.#trace.map((words) => words())
  }

  newDisk(breakage?: DiskBreakage): SimulatedDisk {
    return new SimulatedDisk(this.clock, this.dice, breakage)
  }

  newOutbox(): SimulatedDisk {
    return this.newDisk(this.#breakage.outbox)
  }

  /** An error for which nobody waits. */
  readonly report = (error: unknown): void => {
    this.#note(`reported: ${String(error)}`)
    if (!StoreError.is(error, "storage_unavailable")) this.people.surprises.push(String(error))
  }

  #newReplica(name: string): SimulatedReplica {
    const accept = (end: Parameters<SimulatedAuthority["accept"]>[0]) =>
      this.authority.accept(end, name)
    const way: SimulatedWay = new SimulatedWay({
      clock: this.clock,
      dice: this.dice,
      accept,
      listener: {
        said: (message) => {
          this.#note(`${name} says`, message)
          this.invariants.said(replica, message)
        },
        told: (message) => {
          this.#note(`${name} is told`, message)
          this.invariants.told(message)
        },
      },
      breakage: this.#breakage.way,
    })
    const replica: SimulatedReplica = new SimulatedReplica({
      name,
      clock: this.clock,
      dice: this.dice,
      way,
      follow: followed(this.dice.random()),
      base: this.newDisk(),
      outbox: this.newOutbox(),
      report: this.report,
    })
    return replica
  }

  #happen(): string {
    return this.dice.chance(0.4) ? fault(this) : this.#write()
  }

  #write(): string {
    const place = this.dice.one([this.authority, ...this.replicas])
    if (place.store === undefined) return ""
    const isRemote = place !== this.authority
    const where = "name" in place ? place.name : "the authority"
    return `${where}: ${this.people.write(place.store, place.process, isRemote)}`
  }

  async #settle(): Promise<string | undefined> {
    await settled()
    this.invariants.check(this.replicas)
    return this.invariants.broken[0]
  }

  /** What is not at rest yet. */
  #unrest(): string | undefined {
    const open = this.people.intents.find(
      ({ state, process }) => state === "open" && process.isAlive,
    )
    if (open !== undefined) return `${open.name} never ends`
    const { disk } = this.authority
    if (disk.durable < disk.log.length) return "the authority never gets to rest"
    for (const replica of this.replicas) {
      const { pending, connection } = replica.store?.status.get() ?? {}
      if (pending !== 0) return `${replica.name} keeps ${pending} pending writes`
      if (connection !== "live") return `${replica.name} stays ${connection}`
      const shown = replica.shown(this.clock.now())
      if (shown !== this.invariants.whole(replica.follow)) return `${replica.name} stays behind`
    }
    return undefined
  }

  /** Notes what has happened; words are only made of it when they are asked for. */
  #note(...what: readonly (string | object)[]): void {
    const now = this.clock.now()
    const words = () => what.map((one) => (typeof one === "string" ? one : JSON.stringify(one)))
    this.#trace.push(() => `${Math.round(now - 1_000_000)} ms  ${words().join(" ")}`)
  }
}

/** What a replica follows: some kinds, parts of some, or all that it may. */
function followed(luck: number): readonly FollowTarget[] | undefined {
  if (luck < 0.3) return [{ kind: "notes" }, { kind: COUNTERS }]
  if (luck < 0.7) return undefined
  const parts = [
    { kind: "drafts", prefix: "a" },
    { kind: "notes", where: { even: true } },
  ]
  return [...parts, { kind: COUNTERS }]
}
