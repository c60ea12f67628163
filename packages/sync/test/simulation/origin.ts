import type { Origin } from "../../src/origin.ts"
import type { Process, VirtualClock } from "./clock.ts"
import type { Dice } from "./dice.ts"

/** How an origin is broken, to show that it is found out. */
export interface OriginBreakage {
  /** Who has ended holds its locks for ever. */
  readonly keepsLocks?: boolean
}

/** Somebody who wants a lock, or has it. */
interface Holder {
  readonly process: Process
  readonly grant: () => void
}

/** One end of a way between programs. */
interface End {
  process: Process
  readonly listeners: ((event: { readonly data: unknown }) => void)[]
  isOpen: boolean
  /** What was sent first arrives first. */
  arrives: number
}

/** The locks, the BroadcastChannels and the ports of the pages and workers of one origin. */
export class SimulatedOrigin {
  readonly #clock: VirtualClock
  readonly #dice: Dice
  readonly #breakage: OriginBreakage
  readonly #locks = new Map<string, Holder[]>()
  readonly #channels = new Map<string, Set<End>>()

  constructor(clock: VirtualClock, dice: Dice, breakage: OriginBreakage = {}) {
    this.#breakage = breakage
    this.#clock = clock
    this.#dice = dice
  }

  /** The origin, as one program has it. */
  of(process: Process): Origin {
    const locks = { request: (...given: unknown[]) => this.#request(process, given) }
    return {
      locks: locks as unknown as NonNullable<Origin["locks"]>,
      broadcast: (name) => this.#broadcast(process, name) as unknown as BroadcastChannel,
      ports: () => {
        const one = this.#end(process)
        const other = this.#end(process)
        return {
          port1: this.#port(one, other) as unknown as MessagePort,
          port2: this.#port(other, one) as unknown as MessagePort,
        }
      },
    }
  }

  /** A program has ended: others get what it held, a moment later. */
  ended(process: Process): void {
    if (this.#breakage.keepsLocks) return
    for (const [name, holders] of this.#locks) {
      const [first] = holders
      const rest = holders.filter((one) => one.process !== process)
      this.#locks.set(name, rest)
      if (first !== undefined && first.process === process) this.#grant(name)
    }
  }

  #request(process: Process, given: unknown[]): Promise<unknown> {
    const [name, work] = [given[0] as string, given.at(-1) as () => unknown]
    const { signal } = (given.length === 3 ? given[1] : {}) as { readonly signal?: AbortSignal }
    return new Promise((resolve, reject) => {
      if (!process.isAlive) return
      if (signal?.aborted) return reject(signal.reason)
      const leave = () => {
        const holders = this.#locks.get(name) ?? []
        const isFirst = holders[0] === holder
        this.#locks.set(
          name,
          holders.filter((one) => one !== holder),
        )
        if (isFirst) this.#grant(name)
      }
      let isGranted = false
      const holder: Holder = {
        process,
        grant: () => {
          if (isGranted) return
          isGranted = true
          const done = (settle: () => void) => {
            leave()
            settle()
          }
          Promise.resolve()
            .then(work)
            .then(
              (value) => done(() => resolve(value)),
              (error) => done(() => reject(error)),
            )
        },
      }
      signal?.addEventListener("abort", () => {
        if (isGranted) return
        leave()
        reject(signal.reason)
      })
      const holders = [...(this.#locks.get(name) ?? []), holder]
      this.#locks.set(name, holders)
      if (holders.length === 1) this.#grant(name)
    })
  }

  /** Gives a lock to the first who waits for it, unless it is somebody else by then. */
  #grant(name: string): void {
    const holder = this.#locks.get(name)?.[0]
    if (holder === undefined) return
    this.#clock.after(this.#dice.between(1, 5), () => {
      if (this.#locks.get(name)?.[0] === holder) holder.process.run(holder.grant)
    })
  }

  #broadcast(process: Process, name: string) {
    const all = this.#channels.get(name) ?? new Set()
    this.#channels.set(name, all)
    const own = this.#end(process)
    all.add(own)
    return {
      postMessage: (message: unknown) => {
        for (const other of all) if (other !== own) this.#send(own, message, other)
      },
      addEventListener: (type: string, listener: End["listeners"][number]) => {
        if (type === "message") own.listeners.push(listener)
      },
      close: () => {
        own.isOpen = false
        all.delete(own)
      },
    }
  }

  #end(process: Process): End {
    return { process, listeners: [], isOpen: true, arrives: 0 }
  }

  /** An end of a port; who is sent it has it moved. */
  #port(own: End, other: End) {
    return new SimulatedPort(own, (message) => this.#send(own, message, other))
  }

  #send(from: End, message: unknown, to: End): void {
    if (!from.process.isAlive) return
    const text = JSON.stringify(message)
    to.arrives = Math.max(to.arrives, this.#clock.now() + this.#dice.between(0, 3))
    this.#clock.after(to.arrives - this.#clock.now(), () =>
      to.process.run(() => {
        if (to.isOpen) for (const listener of to.listeners) listener({ data: JSON.parse(text) })
      }),
    )
  }
}

/** An end of a way that two programs have for themselves. */
export class SimulatedPort {
  readonly #own: End
  readonly #send: (message: unknown) => void

  constructor(own: End, send: (message: unknown) => void) {
    this.#own = own
    this.#send = send
  }

  /** It is another program's from now on. */
  moveTo(process: Process): void {
    this.#own.process = process
  }

  postMessage(message: unknown): void {
    this.#send(message)
  }

  addEventListener(type: string, listener: End["listeners"][number]): void {
    if (type === "message") this.#own.listeners.push(listener)
  }

  close(): void {
    this.#own.isOpen = false
  }
}
