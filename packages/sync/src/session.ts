import { type Clock, type Store, StoreError, systemClock } from "@tidemark/core"
import { RECHECK, recheck, turnedAway } from "./access.ts"
import type { Authorization } from "./authorization.ts"
import { AT_ONCE, answerAskWithin, asksLater } from "./bounded-reads.ts"
import { admit, LEAST_WAIT, waitForBytes, waitForFirst } from "./bounded-writes.ts"
import { type Bounds, boundsOf } from "./bounds.ts"
import { feedOf } from "./feed.ts"
import { HEARTBEAT, heartbeats } from "./heartbeats.ts"
import { UNLIMITED } from "./limits.ts"
import {
  type Answer,
  type Hello,
  type Mutate,
  OTHER_PROTOCOL,
  parseClientMessage,
} from "./message.ts"
import { checkNumber } from "./message-limits.ts"
import { mostOf } from "./portions.ts"
import type { Ask, ReadAnswer } from "./read.ts"
import type { Answering } from "./reads.ts"
import type { ServeOptions, ServerEnd } from "./serve.ts"
import { Silence } from "./silence.ts"
import { Turns } from "./turns.ts"

/** So many messages may come before it is known whose they are. */
const MOST_EARLY = 32

/** So many questions may wait for their turn; a replica has fewer under way. */
const MOST_WAITING = 1_000

/** One conversation of an authority, with whoever is at the other end. */
export class Session {
  readonly #store: Store
  readonly #end: ServerEnd
  readonly #options: ServeOptions
  readonly #bounds: Bounds
  readonly #authorized: Promise<Authorization>
  readonly #clock: Clock
  readonly #heartbeat: number
  readonly #silence: Silence
  #feed = new AbortController()
  #answering: Promise<void> = Promise.resolve()
  readonly #reading = new Turns(AT_ONCE)
  #leave: () => void = () => {}
  #release: () => void = () => {}
  #isKnown = false
  /** Messages that came before it was known whose they are. */
  #early = 0
  readonly #stopping = new AbortController()

  constructor(store: Store, end: ServerEnd, options: ServeOptions) {
    this.#store = store
    this.#end = end
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#bounds = boundsFor(store, end, options)
    this.#heartbeat = options.heartbeat ?? HEARTBEAT
    this.#silence = new Silence(this.#clock, () => this.stop())
    this.#silence.start(this.#heartbeat)
    this.#authorized = this.#authorize(options)
    this.#authorized.catch((error) => this.#fail(error))
  }

  receive(data: unknown, size?: number): void {
    if (this.#isStopped) return
    this.#silence.heard()
    try {
      const message = parseClientMessage(data)
      if (message.type === "hello") this.#follow(message)
      else if (message.type === "mutate") this.#answer(message, size)
      else if (message.type === "ask") this.#read(message, size)
    } catch (error) {
      this.#fail(error)
    }
  }

  stop(): void {
    if (this.#isStopped) return
    this.#stopping.abort()
    this.#leave()
    this.#release()
    this.#silence.end()
    this.#feed.abort()
    try {
      this.#end.close()
    } finally {
      this.#options.onEnd?.()
    }
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted
  }

  async #authorize(options: ServeOptions): Promise<Authorization> {
    const { authorization, recheck: every = RECHECK } = options
    if (typeof authorization !== "function") return this.#seated(authorization)
    const known = await authorization()
    if (known === undefined) throw turnedAway()
    const ended = (reason: unknown) => {
      if (StoreError.is(reason)) this.#fail(reason)
      else this.stop() // It will come again.
    }
    if (!this.#isStopped)
      this.#leave = recheck(known, authorization, { clock: this.#clock, every, ended })
    return this.#seated(known)
  }

  #seated(authorization: Authorization): Authorization {
    const release = this.#bounds.streams.take(authorization.principal)
    if (typeof release === "string") throw tooMany("conversations at once")
    this.#isKnown = true
    if (this.#isStopped) release()
    else this.#release = release
    return authorization
  }

  /** A new hello on the same channel begins anew. */
  #follow(hello: Hello): void {
    if (!this.#isKnown && ++this.#early > MOST_EARLY)
      throw tooMany("new beginnings before it is known who it is")
    this.#feed.abort()
    const feed = new AbortController()
    this.#feed = feed
    const tell = async () => {
      const authorization = await this.#authorized
      const { principal } = authorization
      if (this.#bounds.opens.take(principal, 1) === 0) throw tooMany("new beginnings in a minute")
      const messages = feedOf(this.#store, authorization, hello, feed.signal)
      const most = mostOf(
        this.#end.maxMessage ?? Number.POSITIVE_INFINITY,
        this.#bounds.limits.mutations,
      )
      for await (const message of heartbeats(messages, this.#clock, this.#heartbeat, most)) {
        const ready = this.#end.ready?.()
        if (ready !== undefined) {
          await ready
          this.#silence.heard() // It has taken something.
        }
        if (feed.signal.aborted) return
        this.#end.send(message)
      }
      // The store was closed, or the follower turned away: nothing will follow.
      if (!feed.signal.aborted) this.stop()
    }
    tell().catch((error) => this.#fail(error))
  }

  #answer(message: Mutate, size?: number): void {
    checkNumber(message, this.#bounds.limits)
    // Nothing else can be counted until it is known who asks; a replica waits for its welcome.
    if (!this.#isKnown && ++this.#early > MOST_EARLY)
      return this.#putOff({ type: "retry", afterMs: LEAST_WAIT })
    this.#authorized
      .then((authorization) => this.#admit(authorization, message, size))
      .catch((error) => this.#fail(error))
  }

  #read(message: Ask, size?: number): void {
    if (!this.#isKnown && ++this.#early > MOST_EARLY) return this.#askLater(message, LEAST_WAIT)
    this.#authorized
      .then((authorization) => this.#find(authorization, message, size))
      .catch((error) => this.#fail(error))
  }

  /** Answers come as they are found, a few at a time: what is found is held until the other end takes it. */
  #find(authorization: Authorization, message: Ask, size = this.#sizeOf(message)): void {
    const wait = waitForBytes(this.#bounds, authorization.principal, size)
    if (wait !== undefined) return this.#askLater(message, wait)
    if (this.#reading.waiting > MOST_WAITING) return this.#askLater(message, LEAST_WAIT)
    const answers = answerAskWithin(this.#store, authorization, message, this.#bounds)
    for (const answer of answers)
      this.#reading.take(() => this.#tell(answer)).catch((error) => this.#fail(error))
  }

  async #tell(answering: Answering): Promise<void> {
    if (this.#isStopped) return
    const answer = await answering()
    await this.#end.ready?.()
    if (!this.#isStopped) this.#end.send(answer)
  }

  /** Takes what the principal has left as messages come, so that none waits that is over its limits. */
  #admit(authorization: Authorization, message: Mutate, size = this.#sizeOf(message)): void {
    const bounds = this.#bounds
    const { signal } = this.#stopping
    const admitted =
      waitForFirst(bounds, authorization.principal) ??
      admit(this.#store, authorization, message, { bounds, size, prototypeNames: true, signal })
    if (typeof admitted === "number") return this.#putOff({ type: "retry", afterMs: admitted })
    // One message at a time: numbers must not overtake each other.
    this.#answering = this.#answering
      .then(async () => {
        const answers = await admitted()
        await this.#end.ready?.()
        if (!this.#isStopped) for (const answer of answers) this.#end.send(answer)
      })
      .catch((error) => this.#fail(error))
  }

  /** Counted only where it matters. */
  #sizeOf(message: Mutate | Ask): number {
    const isBounded = this.#bounds.limits.bytesEach < Number.POSITIVE_INFINITY
    return isBounded ? JSON.stringify(message).length : 0
  }

  #askLater({ asks }: Ask, ms: number): void {
    for (const answer of asksLater(asks, ms)) this.#putOff(answer)
  }

  /** Left out where the other end takes nothing: it comes again by itself, and a flood must not fill the way back. */
  #putOff(answer: Answer | ReadAnswer): void {
    if (!this.#isStopped && this.#end.ready?.() === undefined) this.#end.send(answer)
  }

  #fail(error: unknown): void {
    if (this.#isStopped) return
    try {
      if (StoreError.is(error, "unauthorized"))
        this.#end.send({ type: "denied", error: error.toJSON() })
      if (StoreError.is(error, "protocol_mismatch")) this.#end.send(OTHER_PROTOCOL)
      this.#options.onError?.(error)
    } finally {
      this.stop() // Whatever the channel, or who hears of it, makes of it.
    }
  }
}

/** Bounds of its own, or those that a store has for all strangers, in all of its scopes. */
function boundsFor(
  { status }: Store,
  { isOpen = false }: ServerEnd,
  options: ServeOptions,
): Bounds {
  const { limits, clock = systemClock } = options
  if (limits !== undefined) return boundsOf(limits, clock)
  if (!isOpen) return boundsOf(UNLIMITED, clock)
  // A scope has the status of its store, and is another object each time that it is asked for.
  const known = common.get(status) ?? boundsOf({}, clock)
  common.set(status, known)
  return known
}

const common = new WeakMap<object, Bounds>()

function tooMany(what: string): StoreError {
  return new StoreError("quota_exceeded", `The principal has too many ${what}`, {
    hint: "Raise its limits, or wait",
  })
}
