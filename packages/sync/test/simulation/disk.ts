import { type Change, StoreError } from "@tidemark/core"
import {
  type Engine,
  type EngineContext,
  type EngineListener,
  type Ingest,
  newEpoch,
} from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import type { Process, VirtualClock } from "./clock.ts"
import type { Dice } from "./dice.ts"

/** Something that was written: done again, it leads to the same. */
interface Written {
  apply(engine: MemoryEngine): void
  /** The head after it. */
  readonly head: number
}

/** How a disk is broken, to show that it is found out. */
export interface DiskBreakage {
  /** Says that something is durable before it is. */
  readonly answersEarly?: boolean
  /** Loses one write in so many while it runs, and says nothing. */
  readonly forgets?: number
  /** An older copy that is put back takes itself for what was there. */
  readonly keepsEpoch?: boolean
}

/**
 * A disk with one database on it. What was written is durable a while later; a crash takes back
 * any end of what was not. The database is the memory engine, made again from what was written.
 */
export class SimulatedDisk {
  /** The changes that were committed here, from seq 1 on. */
  log: Change[] = []
  epoch = newEpoch()
  /** Whether it takes no writes now. */
  isFull = false
  /** How often something was written, or taken back. */
  writes = 0
  readonly #clock: VirtualClock
  readonly #dice: Dice
  readonly #breakage: DiskBreakage
  #journal: Written[] = []
  /** So many of what was written are durable. */
  #durable = 0
  #syncedAt = 0
  #engine = new MemoryEngine()

  constructor(clock: VirtualClock, dice: Dice, breakage: DiskBreakage = {}) {
    this.#clock = clock
    this.#dice = dice
    this.#breakage = breakage
    this.#begin()
    this.#durable = 1
  }

  /** The seq up to which it is durable. */
  get durable(): number {
    return this.#journal[this.#durable - 1]?.head ?? 0
  }

  /** The rows of a kind as the running program sees them. */
  rows(kind: string): ReturnType<MemoryEngine["scan"]> {
    return this.#engine.scan(kind, { limit: Number.POSITIVE_INFINITY })
  }

  /** The program that used it is gone. Keeps what is durable, and some of the rest. */
  crash(): void {
    this.#keep(this.#dice.between(this.#durable, this.#journal.length))
  }

  /** Puts back an older copy, with another identity. */
  restore(): void {
    this.#keep(this.#dice.between(1, this.#durable))
    this.#begin()
    this.#durable = this.#journal.length
  }

  /** The database, for one program. */
  open(process: Process): Engine {
    const engine = this.#engine
    let listener: EngineListener | undefined
    let context: EngineContext | undefined
    const told: EngineListener = {
      advance: (advance) => {
        this.log.push(...advance.changes)
        listener?.advance(this.#breakage.answersEarly ? advance : { ...advance, durable: false })
      },
      durable() {},
      pending() {},
      connection() {},
      health() {},
      report: (error) => listener?.report(error),
    }
    const checkRoom = () => {
      if (this.isFull) throw new StoreError("storage_unavailable", "The disk is full")
    }
    const port: Partial<Engine> = {
      open: (asking, given) => {
        listener = asking
        context = given
        return engine.open(told, given)
      },
      commit: async (batches) => {
        if (!process.isAlive) return NEVER
        checkRoom()
        const outcomes = engine.commit(batches)
        const head = this.#headOf(engine)
        // What its kinds make of a batch, they make of it again.
        const apply = (again: MemoryEngine) => {
          if (context !== undefined) again.open(DEAF, context)
          again.commit(batches)
        }
        await this.#write({ apply, head }, process)
        if (!this.#breakage.answersEarly) listener?.durable(head)
        return outcomes
      },
      ingest: async (part) => {
        if (!process.isAlive) return NEVER
        checkRoom()
        engine.ingest(part)
        await this.#write({ apply: (again) => again.ingest(part), head: part.to }, process)
      },
      prune: (retention) => {
        const pruned = engine.prune(retention)
        const head = this.#headOf(engine)
        void this.#write({ apply: (again) => again.prune(retention), head }, process)
        return pruned
      },
    }
    return new Proxy(engine, {
      get: (target, name) => {
        if (name === "durability") return "full"
        if (Object.hasOwn(port, name)) return port[name as keyof Engine]
        const member: unknown = Reflect.get(target, name, target)
        return typeof member === "function" ? member.bind(target) : member
      },
    }) as Engine
  }

  /** Begins a sequence where the database stands. */
  #begin(): void {
    if (!this.#breakage.keepsEpoch) this.epoch = newEpoch()
    const head = this.#headOf(this.#engine)
    const part: Ingest = { epoch: this.epoch, to: head, changes: [] }
    this.#engine.ingest(part)
    this.#journal.push({ apply: (again) => again.ingest(part), head })
  }

  #keep(count: number): void {
    this.writes += 1
    this.#journal = this.#journal.slice(0, count)
    this.#engine = new MemoryEngine()
    for (const written of this.#journal) written.apply(this.#engine)
    const head = this.#headOf(this.#engine)
    this.log = this.log.filter(({ seq }) => seq <= head)
    this.#durable = count // What was found after a crash stays.
  }

  /** Resolves when it is durable; never, when the program has gone before. */
  #write(written: Written, process: Process): Promise<void> {
    const { answersEarly, forgets } = this.#breakage
    if (forgets !== undefined && this.#dice.chance(1 / forgets)) return Promise.resolve()
    this.writes += 1
    this.#journal.push(written)
    const count = this.#journal.length
    const delay = this.#dice.chance(0.1) ? this.#dice.between(20, 400) : this.#dice.between(1, 8)
    this.#syncedAt = Math.max(this.#syncedAt, this.#clock.now() + delay)
    return new Promise((resolve) => {
      process.after(this.#syncedAt - this.#clock.now(), () => {
        this.#durable = Math.max(this.#durable, count)
        resolve()
      })
      if (answersEarly) resolve()
    })
  }

  #headOf(engine: MemoryEngine): number {
    return engine.snapshot([]).seq
  }
}

const DEAF: EngineListener = {
  advance() {},
  durable() {},
  pending() {},
  connection() {},
  health() {},
  report() {},
}

const NEVER = new Promise<never>(() => {})
