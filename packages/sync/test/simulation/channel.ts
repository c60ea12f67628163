import type { Channel, ClientMessage, LinkReceiver, ServerEnd, ServerMessage } from "@tidemark/sync"
import type { Process, VirtualClock } from "./clock.ts"
import type { Dice } from "./dice.ts"

/** How bad a way is: each from 0, never, to 1, with every message. */
export interface Weather {
  readonly drop: number
  readonly double: number
  readonly reorder: number
  readonly cut: number
  /** The longest time that a message is under way, in milliseconds. */
  readonly delay: number
}

export const CALM: Weather = { drop: 0, double: 0, reorder: 0, cut: 0, delay: 5 }

/** What is said on the way, as it is sent. */
export interface Listener {
  said(message: ClientMessage): void
  told(message: ServerMessage): void
}

/** How a way is broken, to show that it is found out. Each is made for a link. */
export interface WayBreakage {
  /** Gives what goes on in place of a message of the replica; `undefined`: nothing does. */
  readonly said?: () => (message: ClientMessage) => ClientMessage | undefined
  readonly told?: () => (message: ServerMessage) => ServerMessage | undefined
}

/** Takes up a link at the authority; `undefined` when there is none. */
export type Accept = (end: ServerEnd) => Process | undefined

/** The way between one replica and the authority. */
export class SimulatedWay {
  weather = CALM
  /** Whether nothing gets through. */
  isParted = false
  readonly #clock: VirtualClock
  readonly #dice: Dice
  readonly #accept: Accept
  readonly #listener: Listener
  readonly #breakage: WayBreakage
  #cuts = new Set<() => void>()

  constructor(parts: {
    readonly clock: VirtualClock
    readonly dice: Dice
    readonly accept: Accept
    readonly listener: Listener
    readonly breakage?: WayBreakage | undefined
  }) {
    const { clock, dice, accept, listener, breakage = {} } = parts
    this.#clock = clock
    this.#dice = dice
    this.#accept = accept
    this.#listener = listener
    this.#breakage = breakage
  }

  /** Ends what is open; both sides hear of it. */
  cut(): void {
    for (const cut of this.#cuts) cut()
  }

  /** The channel, for one program. */
  channel(follower: Process): Channel {
    return { open: (receiver) => this.#open(receiver, follower) }
  }

  #open(receiver: LinkReceiver, follower: Process): ReturnType<Channel["open"]> {
    let isOpenHere = true
    let isOpenThere = true
    let take: (message: unknown) => void = () => {}
    let ended: () => void = () => {}
    let authority: Process | undefined
    const said = this.#breakage.said?.() ?? itself
    const told = this.#breakage.told?.() ?? itself
    const up = this.#direction(() => isOpenThere && authority?.isAlive === true)
    const down = this.#direction(() => isOpenHere && follower.isAlive)
    const endThere = () => {
      if (!isOpenThere) return
      isOpenThere = false
      if (authority?.isAlive) ended()
    }
    const endHere = () => {
      if (!isOpenHere) return
      isOpenHere = false
      this.#cuts.delete(cut)
      if (follower.isAlive) receiver.closed(new Error("The link is cut"))
    }
    const cut = () => {
      endThere()
      this.#clock.after(0, endHere)
    }
    this.#cuts.add(cut)
    authority = this.#accept({
      send: (message) => {
        this.#listener.told(message)
        const going = told(message)
        if (going !== undefined) down(going, (copy) => receiver.message(copy), cut)
      },
      receive: (message, closed) => {
        take = message
        ended = closed
      },
      close: () => {
        isOpenThere = false
        down("end", endHere, cut)
      },
    })
    // Nobody is there: mostly that is told, and sometimes nothing is.
    if (authority === undefined && this.#dice.chance(0.8)) this.#clock.after(1, endHere)
    return {
      send: (message) => {
        this.#listener.said(message)
        const going = said(message)
        if (going !== undefined) up(going, take, cut)
      },
      close: () => {
        isOpenHere = false
        this.#cuts.delete(cut)
        up("end", endThere, cut)
      },
    }
  }

  /** One direction of a link: gives what sends along it. */
  #direction(isOpen: () => boolean) {
    let arrives = 0
    return <M>(message: M, deliver: (copy: M) => void, cut: () => void) => {
      const { drop, double, reorder, delay, cut: breaks } = this.weather
      if (this.isParted || this.#dice.chance(drop)) return
      if (this.#dice.chance(breaks)) return cut()
      const text = JSON.stringify(message)
      for (let times = this.#dice.chance(double) ? 2 : 1; times > 0; times--) {
        const due = this.#clock.now() + this.#dice.between(1, delay)
        const overtakes = reorder > 0 && this.#dice.chance(reorder)
        if (!overtakes) arrives = Math.max(arrives, due)
        this.#clock.after((overtakes ? due : arrives) - this.#clock.now(), () => {
          if (isOpen() && !this.isParted) deliver(JSON.parse(text) as M)
        })
      }
    }
  }
}

function itself<M>(message: M): M {
  return message
}
