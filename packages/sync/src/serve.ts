import { type Clock, type Kinds, type Store, StoreError, systemClock } from "@tidemark/core"
import { storedFacts } from "@tidemark/core/engine"
import { type Authorize, RECHECK, recheck, turnedAway } from "./access.ts"
import { answerMutate } from "./authority.ts"
import type { Authorization } from "./authorization.ts"
import { feedOf } from "./feed.ts"
import { HEARTBEAT, heartbeats } from "./heartbeats.ts"
import { type Hello, type Mutate, parseClientMessage, type ServerMessage } from "./message.ts"
import { Silence } from "./silence.ts"

/** The authority's end of a two-way channel, such as a MessagePort. */
export interface ServerEnd {
  send(message: ServerMessage): void
  /** Where too much of what was sent waits for the other end: resolves when it has taken enough to be told more. */
  ready?(): Promise<void> | undefined
  /** Called with what comes in, and when nothing more will. */
  receive(message: (data: unknown) => void, closed: () => void): void
  close(): void
}

export interface ServeOptions {
  /**
   * Who is at the other end, and what it may do; or a function that says so, and `undefined` for who
   * is to be turned away. There is no default: an open door must be asked for.
   */
  readonly authorization: Authorization | Authorize
  /**
   * How often a function is asked again, in milliseconds. When it says something else, or fails, the
   * conversation ends. Default 300,000.
   */
  readonly recheck?: number
  /** Hears of what goes wrong in this conversation. */
  readonly onError?: (error: unknown) => void
  /** How often this side shows that it is alive, and expects the same, in milliseconds. Default 15,000. */
  readonly heartbeat?: number
  readonly clock?: Clock
  /** Called once, when this conversation is over. */
  readonly onEnd?: () => void
}

/**
 * Lets the other end of a channel follow a store and write to it. Gives a function that ends it.
 *
 * @throws StoreError `unsupported` for what is not a store that was opened here.
 * @example
 * const stop = serve(store, messagePortEnd(port), { authorization: { principal: "window 1" } })
 */
export function serve<K extends Kinds>(
  store: Store<K>,
  end: ServerEnd,
  options: ServeOptions,
): () => void {
  storedFacts(store) // Refused now, and not with the first message.
  // What travels is checked by the store itself; here its values are unknown.
  const session = new Session(store as unknown as Store, end, options)
  end.receive(
    (data) => session.receive(data),
    () => session.stop(),
  )
  return () => session.stop()
}

class Session {
  readonly #store: Store
  readonly #end: ServerEnd
  readonly #options: ServeOptions
  readonly #authorized: Promise<Authorization>
  readonly #clock: Clock
  readonly #heartbeat: number
  readonly #silence: Silence
  #feed = new AbortController()
  #answering: Promise<void> = Promise.resolve()
  #leave: () => void = () => {}
  readonly #stopping = new AbortController()

  constructor(store: Store, end: ServerEnd, options: ServeOptions) {
    this.#store = store
    this.#end = end
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#heartbeat = options.heartbeat ?? HEARTBEAT
    this.#silence = new Silence(this.#clock, () => this.stop())
    this.#silence.start(this.#heartbeat)
    this.#authorized = this.#authorize(options)
    this.#authorized.catch((error) => this.#fail(error))
  }

  receive(data: unknown): void {
    if (this.#isStopped) return
    this.#silence.heard()
    try {
      const message = parseClientMessage(data)
      if (message.type === "hello") this.#follow(message)
      else if (message.type === "mutate") this.#answer(message)
    } catch (error) {
      this.#fail(error)
    }
  }

  stop(): void {
    if (this.#isStopped) return
    this.#stopping.abort()
    this.#leave()
    this.#silence.end()
    this.#feed.abort()
    this.#end.close()
    this.#options.onEnd?.()
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted
  }

  async #authorize({ authorization, recheck: every = RECHECK }: ServeOptions) {
    if (typeof authorization !== "function") return authorization
    const known = await authorization()
    if (known === undefined) throw turnedAway()
    const ended = (reason: unknown) => {
      if (StoreError.is(reason)) this.#fail(reason)
      else this.stop() // It will come again.
    }
    if (!this.#isStopped)
      this.#leave = recheck(known, authorization, { clock: this.#clock, every, ended })
    return known
  }

  /** A new hello on the same channel begins anew. */
  #follow(hello: Hello): void {
    this.#feed.abort()
    const feed = new AbortController()
    this.#feed = feed
    const tell = async () => {
      const authorization = await this.#authorized
      const messages = feedOf(this.#store, authorization, hello, feed.signal)
      for await (const message of heartbeats(messages, this.#clock, this.#heartbeat)) {
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

  /** One message at a time: numbers must not overtake each other. */
  #answer(message: Mutate): void {
    this.#answering = this.#answering
      .then(async () => {
        const authorization = await this.#authorized
        const { signal } = this.#stopping
        const answers = await answerMutate(this.#store, authorization, message, { signal })
        if (this.#isStopped) return
        for (const answer of answers) this.#end.send(answer)
      })
      .catch((error) => this.#fail(error))
  }

  #fail(error: unknown): void {
    if (this.#isStopped) return
    if (StoreError.is(error, "unauthorized"))
      this.#end.send({ type: "denied", error: error.toJSON() })
    this.#options.onError?.(error)
    this.stop()
  }
}
