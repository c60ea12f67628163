import { type Store, StoreError } from "@tidemark/core"
import type { FollowTarget } from "../../src/follow.ts"
import { SimulatedAuthority } from "./authority.ts"
import { CALM, SimulatedWay, type WayBreakage } from "./channel.ts"
import { settled, VirtualClock } from "./clock.ts"
import type { Dice } from "./dice.ts"
import { type DiskBreakage, SimulatedDisk } from "./disk.ts"
import { fault } from "./faults.ts"
import { Invariants } from "./invariants.ts"
import {
  APPLICATION,
  type Application,
  COUNTERS,
  KEYS,
  NAMES,
  PAGES,
  type Version,
} from "./kinds.ts"
import { live } from "./living.ts"
import type { OriginBreakage } from "./origin.ts"
import { People } from "./people.ts"
import { SimulatedReplica } from "./replica.ts"
import { Trace } from "./trace.ts"

/** What is broken on purpose, to show that it is found out. */
export interface Breakage {
  readonly authorityDisk?: DiskBreakage
  readonly outbox?: DiskBreakage
  readonly way?: WayBreakage
  /** Whether the world is a browser; by chance when it is left out. */
  readonly isOfTabs?: boolean
  readonly origin?: OriginBreakage
  readonly tabsDisk?: DiskBreakage
  /** What applications declare instead of what they should. */
  readonly application?: Application
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
  readonly #trace = new Trace(this.clock)
  readonly #breakage: Breakage
  readonly #application: Application
  /** Of the application, where nothing was brought up to date yet. */
  readonly #oldest: Version

  constructor(dice: Dice, breakage: Breakage = {}) {
    this.dice = dice
    this.#breakage = breakage
    this.people = new People(dice)
    const { authorityDisk, application = APPLICATION } = breakage
    this.#application = application
    this.#oldest = dice.chance(0.35) ? 1 : 2
    this.authority = new SimulatedAuthority({
      clock: this.clock,
      disk: this.newDisk(authorityDisk),
      application,
      version: this.#oldest,
      report: this.report,
    })
    this.invariants = new Invariants(this.authority, this.people, () => this.clock.now())
    this.replicas = Array.from({ length: dice.between(1, 4) }, (_, index) =>
      this.#newReplica(`replica ${index + 1}`),
    )
  }

  /** Lets some things happen; gives the first thing that should not have, if there was one. */
  live(steps: number): Promise<string | undefined> {
    const { clock, dice } = this
    const happen = () => this.#happen()
    const settle = () => this.#settle()
    return live({ clock, dice, trace: this.#trace, mostTimers: 5, happen, settle }, steps)
  }

  /** Ends all faults and waits until everything is at rest. */
  async rest(): Promise<string | undefined> {
    this.#trace.note("calm")
    for (const { way } of this.replicas) {
      way.weather = CALM
      way.isParted = false
    }
    this.authority.disk.isFull = false
    const broken = this.#isMixed ? await this.#mixed() : undefined
    if (broken !== undefined) return broken
    this.#upgrade()
    for (let step = 0; step < PATIENCE; step++) {
      const broken = await this.#goOn()
      if (broken !== undefined) return broken
      if (this.#unrest() === undefined) return undefined
    }
    return this.#unrest()
  }

  /** What has happened. */
  trace(): string[] {
    return this.#trace.lines()
  }

  /** Another version of its application runs there, as soon as it is started. */
  upgradeAuthority(): void {
    const { authority } = this
    if (authority.version === 2) return
    if (authority.store !== undefined) {
      authority.crash()
      this.invariants.crashed()
    }
    authority.version = 2
  }

  upgradeReplica(replica: SimulatedReplica): void {
    if (replica.version === 2) return
    if (replica.store !== undefined) replica.crash()
    replica.version = 2
  }

  newDisk(breakage?: DiskBreakage): SimulatedDisk {
    return new SimulatedDisk(this.clock, this.dice, breakage)
  }

  newOutbox(): SimulatedDisk {
    return this.newDisk(this.#breakage.outbox)
  }

  /** An error for which nobody waits. */
  readonly report = (error: unknown): void => {
    this.#trace.note(`reported: ${String(error)}`)
    if (!StoreError.is(error, "storage_unavailable", "schema_too_new"))
      this.people.surprises.push(String(error))
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
          this.#trace.note(`${name} says`, message)
          this.invariants.said(replica, message)
        },
        told: (message) => {
          this.#trace.note(`${name} is told`, message)
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
      application: this.#application,
      version: this.#oldest,
      hears: this.invariants,
      report: this.report,
    })
    return replica
  }

  /** Brings everything up to date that has to be, because something is. */
  #upgrade(): void {
    if ([this.authority, ...this.replicas].every(({ version }) => version === 1)) return
    this.upgradeAuthority()
    for (const replica of this.replicas) this.upgradeReplica(replica)
  }

  /** Whether some are brought up to date, and others are not. */
  get #isMixed(): boolean {
    return new Set([this.authority, ...this.replicas].map(({ version }) => version)).size > 1
  }

  /** Lets old and new applications go on side by side for a while, and people write at all of them. */
  async #mixed(): Promise<string | undefined> {
    for (let step = 0; step < 60; step++) {
      if (step % 5 === 0) this.#trace.note(this.#act())
      const broken = await this.#goOn()
      if (broken !== undefined) return broken
    }
    return undefined
  }

  /** Goes on to the next timer, where all that is down is started. */
  async #goOn(): Promise<string | undefined> {
    if (this.authority.store === undefined) this.authority.start()
    for (const replica of this.replicas) if (replica.isDown) replica.start()
    this.clock.step()
    return this.#settle()
  }

  #happen(): string {
    return this.dice.chance(0.4) ? fault(this) : this.#act()
  }

  #act(): string {
    const chosen = this.dice.one([this.authority, ...this.replicas])
    const { store, process } = chosen
    if (store === undefined) return ""
    const replica = "held" in chosen ? chosen : undefined
    const name = replica?.name
    const isHeld = (kind: string) =>
      replica === undefined || (replica.hasBase && replica.held.some((one) => one.kind === kind))
    const running = replica?.running ?? this.authority.version
    const place = { store, process, name, running, isHeld, isPlain: false }
    const asks = replica !== undefined && replica.held.length < replica.follow.length
    const what = asks && this.dice.chance(0.4) ? this.people.read(place) : this.people.write(place)
    return `${name ?? "the authority"}: ${what}`
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
      if (shown !== this.invariants.whole(replica.held)) return `${replica.name} stays behind`
      if (this.#readsOther(replica)) return `${replica.name} reads other pages`
      const wrong = replica.screens?.wrong(this.invariants.newest())
      if (wrong !== undefined) return `${replica.name} goes on to show ${wrong}`
    }
    return undefined
  }

  /** Whether a replica reads something else than its authority, of what it holds. */
  #readsOther({ store, held }: SimulatedReplica): boolean {
    if (!held.some(({ kind }) => kind === PAGES)) return false
    const text = (one: Store | undefined) =>
      JSON.stringify(KEYS.map((key) => one?.peek(PAGES, key)))
    return text(store) !== text(this.authority.store)
  }
}

/** What a replica follows: some kinds, parts of some, or all that it may; some it does not hold. */
function followed(luck: number): readonly FollowTarget[] | undefined {
  if (luck < 0.25) return ["notes", COUNTERS, NAMES, PAGES].map((kind) => ({ kind }))
  if (luck < 0.55) return undefined
  const part = { kind: "notes", where: { even: true } }
  const rest = [COUNTERS, NAMES, PAGES].map((kind) => ({ kind }))
  if (luck < 0.75) return [{ kind: "drafts", prefix: "a" }, part, ...rest]
  if (luck < 0.85) return [{ kind: PAGES }, ...["notes", COUNTERS, NAMES].map(unheld)]
  return [{ ...part, hold: false }, unheld(NAMES), { kind: COUNTERS }, { kind: PAGES }]
}

function unheld(kind: string): FollowTarget {
  return { kind, hold: false }
}
