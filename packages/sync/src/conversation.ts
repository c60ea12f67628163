import { type Clock, StoreError } from "@tidemark/core"
import { backoff } from "./backoff.ts"
import type { Channel, Link } from "./channel.ts"
import { Deadlines } from "./deadlines.ts"
import type { ClientMessage, Hello, Mutate, Mutation, ServerMessage } from "./message.ts"
import { type Most, portionsOf } from "./portions.ts"
import type { Ask } from "./read.ts"
import { type ReplicaEvent, type ReplicaState, TRANSITIONS } from "./states.ts"

/** No longer is nothing sent, whatever the authority or something on the way asks for, in milliseconds. */
const LONGEST_PAUSE = 3_600_000

export interface ConversationOptions {
  readonly channel: Channel
  readonly clock: Clock
  readonly random: () => number
  /** How long a hello or a write may wait for its answer, in milliseconds. */
  readonly deadline: number
}

/** What a conversation is told by its replica. */
export interface Talker {
  hello(): Hello
  /** Writes as they are sent; `undefined` where there is nobody yet to whom they can be. */
  mutate(mutations: readonly Mutation[]): Mutate | undefined
  /** Writes were sent on the link that is open. */
  sent(mutations: readonly Mutation[]): void
  /** Takes a message; the state has already moved. */
  receive(message: ServerMessage): void
  /** The state has moved, by a message where there is one. */
  state(state: ReplicaState, by: ServerMessage | undefined): void
  report(error: unknown): void
}

/** Keeps a link to the authority: opens it, begins with a hello, and tries again when it is lost. */
export class Conversation {
  readonly #channel: Channel
  readonly #clock: Clock
  readonly #random: () => number
  readonly #talker: Talker
  readonly #deadlines: Deadlines
  #link: Link | undefined
  #state: ReplicaState = "connecting"
  #failures = 0
  #most: Most = {}
  /** The link on which nothing more is to be sent for now. */
  #waiting: Link | undefined
  /** What the channel was told to be wrong with the other end. */
  #told: string | undefined
  #cancelRetry: () => void = () => {}
  #cancelLater: () => void = () => {}
  /** Whether no link is wanted: before the first, and while its replica has to do something first. */
  #isPaused = true

  constructor(options: ConversationOptions, talker: Talker) {
    const { channel, clock, random, deadline } = options
    this.#channel = channel
    this.#clock = clock
    this.#random = random
    this.#talker = talker
    this.#deadlines = new Deadlines(clock, deadline, () => this.#lost())
  }

  /** Opens the first link, or the first after a pause. */
  start(): void {
    this.#isPaused = false
    this.#open()
  }

  /** Lets go of the link, until `start`. */
  pause(): void {
    this.#isPaused = true
    this.#loseLink()
  }

  /** Tries at once, where the next try is due later or was not to come: as who may now be let in. */
  again(): void {
    this.#failures = 0
    this.#move("again")
    if (!this.#isPaused && this.#state === "offline") this.#open()
  }

  /** Sends writes, if the authority has welcomed us; else they go after the next welcome. */
  send(mutations: readonly Mutation[]): void {
    if (this.#state !== "live" && this.#state !== "hydrating") return
    if (this.#waiting !== undefined) return
    for (const part of portionsOf(mutations, this.#most)) {
      const message = this.#talker.mutate(part)
      if (message === undefined) return
      this.#talker.sent(part) // Or perhaps sent, where the channel fails.
      if (!this.#say(message)) return
      this.#deadlines.sent(part)
    }
  }

  /** Asks, if the authority has welcomed us; whether it has. */
  ask(message: Ask): boolean {
    const isHeard = this.#state === "live" || this.#state === "hydrating"
    return isHeard && this.#say(message)
  }

  /** Begins anew with another hello, after a moment: what came does not fit what we have. */
  restart(): void {
    this.#lost()
  }

  /** Sends nothing for a while, then calls back, unless the link is lost or closed before. */
  later(wanted: number, callback: () => void): void {
    const link = this.#link
    if (link === undefined || this.#waiting !== undefined) return
    this.#waiting = link
    const ms = Math.min(wanted, LONGEST_PAUSE)
    this.#cancelLater = this.#clock.after(ms, () => {
      this.#waiting = undefined
      callback()
    })
  }

  close(): void {
    this.#cancelRetry()
    this.#drop()
    this.#move("close")
  }

  #open(): void {
    this.#cancelRetry()
    this.#move("open")
    if (this.#state !== "connecting") return
    let link: Link | undefined
    let hasEnded = false
    const current = () => link !== undefined && link === this.#link
    try {
      link = this.#channel.open({
        message: (message) => {
          if (current()) this.#receive(message)
        },
        heard: () => {
          if (current()) this.#deadlines.heard()
        },
        closed: (reason) => {
          this.#tell(reason)
          if (current()) this.#lost()
          else hasEnded = true
        },
      })
    } catch (error) {
      this.#talker.report(error)
      return this.#lost()
    }
    // Some channels know at once that nobody is there.
    if (hasEnded) return this.#lost()
    this.#link = link
    this.#deadlines.greeted()
    this.#say(this.#talker.hello())
  }

  /** Tells what will not pass by itself, and not with every try: a link that is lost is nothing to tell. */
  #tell(reason: unknown): void {
    if (!StoreError.is(reason, "protocol_mismatch") || reason.message === this.#told) return
    this.#told = reason.message
    this.#talker.report(reason)
  }

  #receive(message: ServerMessage): void {
    try {
      this.#take(message)
    } catch (cause) {
      const hint = "Is it an authority of Tidemark, of a release that fits this one?"
      const what = "A message of the authority could not be read"
      this.#talker.report(new StoreError("protocol_mismatch", what, { hint, cause }))
      this.#lost()
    }
  }

  #take(message: ServerMessage): void {
    this.#deadlines.received(message)
    if (message.type === "welcome") this.#most = message.most ?? {}
    if (message.type === "alive" && !this.#say({ type: "alive" })) return
    const event = eventOf(message)
    if (event !== undefined) this.#move(event, message)
    if (this.#state === "live") this.#failures = 0
    if (this.#state === "denied" || this.#state === "incompatible") this.#drop()
    this.#talker.receive(message)
  }

  #lost(): void {
    this.#loseLink()
    if (this.#state !== "offline") return
    this.#cancelRetry()
    const wait = backoff(this.#failures++, this.#random)
    this.#cancelRetry = this.#clock.after(wait, () => this.#open())
  }

  #loseLink(): void {
    this.#drop()
    this.#move("lost")
  }

  #drop(): void {
    const link = this.#link
    this.#link = undefined
    this.#waiting = undefined
    this.#cancelLater()
    this.#deadlines.end()
    this.#attempt(() => link?.close())
  }

  /** Whether it was said; a link that cannot is lost. */
  #say(message: ClientMessage): boolean {
    const link = this.#link
    if (link === undefined) return false
    const isSaid = this.#attempt(() => link.send(message))
    if (!isSaid) this.#lost()
    return isSaid
  }

  /** Whether a channel has done something; what it throws must not reach who has written, or nobody. */
  #attempt(act: () => void): boolean {
    try {
      act()
      return true
    } catch (error) {
      this.#talker.report(error)
      return false
    }
  }

  #move(event: ReplicaEvent, by?: ServerMessage): void {
    const next = TRANSITIONS[this.#state][event]
    if (next === this.#state) return
    this.#state = next
    this.#talker.state(next, by)
  }
}

/** What a message means for the state. */
function eventOf(message: ServerMessage): ReplicaEvent | undefined {
  if (message.type === "alive") return message.to === null ? undefined : "told"
  return EVENTS[message.type]
}

const EVENTS: Partial<Record<ServerMessage["type"], ReplicaEvent>> = {
  welcome: "welcome",
  changes: "told",
  reset: "reset",
  incompatible: "incompatible",
  denied: "denied",
}
