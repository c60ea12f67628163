import { type Clock, type Store, StoreError, systemClock } from "@tidemark/core"
import { RECHECK, recheck, turnedAway } from "./access.ts"
import type { Authorization } from "./authorization.ts"
import { answerAskWithin, asksLater } from "./bounded-reads.ts"
import {
  answerWithin,
  grantedOf,
  LEAST_WAIT,
  waitForBytes,
  waitForFirst,
} from "./bounded-writes.ts"
import { type Bounds, boundsOf } from "./bounds.ts"
import { feedOf } from "./feed.ts"
import { HEARTBEAT, heartbeats } from "./heartbeats.ts"
import { UNLIMITED } from "./limits.ts"
import { type Hello, type Mutate, OTHER_PROTOCOL, parseClientMessage } from "./message.ts"
import { mostOf } from "./portions.ts"
import type { Ask, ReadAnswer } from "./read.ts"
import type { ServeOptions, ServerEnd } from "./serve.ts"
import { Silence } from "./silence.ts"

/** So many messages with writes may come before it is known whose they are. */
const MOST_EARLY = 32

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
  #leave: () => void = () => {}
  #release: () => void = () => {}
  #isKnown = false
  /** Messages with writes that came before it was known whose they are. */
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
      else if (message.type === "ask") this.#read(message)
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
    this.#end.close()
    this.#options.onEnd?.()
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
    this.#feed.abort()
    const feed = new AbortController()
    this.#feed = feed
    const tell = async () => {
      const authorization = await this.#authorized
      const { opens } = this.#bounds
      if (opens.take(authorization.principal, 1) === 0) throw tooMany("new beginnings in a minute")
      const messages = feedOf(this.#store, authorization, hello, feed.signal)
      const { maxMessage = Number.POSITIVE_INFINITY } = this.#end
      const most = mostOf(maxMessage, this.#bounds.limits.mutations)
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
    if (message.mutations.length > this.#bounds.limits.mutations)
      throw tooMany("mutations in a message")
    // Nothing else can be counted until it is known who asks; a replica waits for its welcome.
    if (!this.#isKnown && ++this.#early > MOST_EARLY) return this.#retry(LEAST_WAIT)
    this.#authorized
      .then((authorization) => this.#admit(authorization, message, size))
      .catch((error) => this.#fail(error))
  }

  /** Answers come as they are found: none waits for another. */
  #read(message: Ask): void {
    if (!this.#isKnown && ++this.#early > MOST_EARLY)
      return this.#tellAll(asksLater(message.asks, LEAST_WAIT))
    this.#authorized
      .then((authorization) =>
        this.#tellAll(answerAskWithin(this.#store, authorization, message, this.#bounds)),
      )
      .catch((error) => this.#fail(error))
  }

  #tellAll(answers: readonly Promise<ReadAnswer>[]): void {
    const tell = async (coming: Promise<ReadAnswer>) => {
      const answer = await coming
      await this.#end.ready?.()
      if (!this.#isStopped) this.#end.send(answer)
    }
    for (const answer of answers) tell(answer).catch((error) => this.#fail(error))
  }

  /** Takes what the principal has left as messages come, so that none waits that is over its limits. */
  #admit(authorization: Authorization, message: Mutate, size?: number): void {
    const bounds = this.#bounds
    const { principal } = authorization
    const wait =
      waitForFirst(bounds, principal) ??
      waitForBytes(bounds, principal, size ?? this.#sizeOf(message))
    if (wait !== undefined) return this.#retry(wait)
    const granted = grantedOf(bounds, principal, message)
    const options = { prototypeNames: true, signal: this.#stopping.signal }
    // One message at a time: numbers must not overtake each other.
    this.#answering = this.#answering
      .then(() => answerWithin(this.#store, authorization, message, granted, bounds, options))
      .then((answers) => {
        if (!this.#isStopped) for (const answer of answers) this.#end.send(answer)
      })
      .catch((error) => this.#fail(error))
  }

  /** Counted only where it matters. */
  #sizeOf(message: Mutate): number {
    const isBounded = this.#bounds.limits.bytesEach < Number.POSITIVE_INFINITY
    return isBounded ? JSON.stringify(message).length : 0
  }

  #retry(afterMs: number): void {
    if (!this.#isStopped) this.#end.send({ type: "retry", afterMs })
  }

  #fail(error: unknown): void {
    if (this.#isStopped) return
    if (StoreError.is(error, "unauthorized"))
      this.#end.send({ type: "denied", error: error.toJSON() })
    if (StoreError.is(error, "protocol_mismatch")) this.#end.send(OTHER_PROTOCOL)
    this.#options.onError?.(error)
    this.stop()
  }
}

/** Bounds of its own, or those that a store has for all strangers. */
function boundsFor(store: object, { isOpen = false }: ServerEnd, options: ServeOptions): Bounds {
  const { limits, clock = systemClock } = options
  if (limits !== undefined) return boundsOf(limits, clock)
  if (!isOpen) return boundsOf(UNLIMITED, clock)
  const known = common.get(store) ?? boundsOf({}, clock)
  common.set(store, known)
  return known
}

const common = new WeakMap<object, Bounds>()

function tooMany(what: string): StoreError {
  return new StoreError("quota_exceeded", `The principal has too many ${what}`, {
    hint: "Raise its limits, or wait",
  })
}
