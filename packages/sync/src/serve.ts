import { type Clock, type Kinds, type Store, StoreError, systemClock } from "@tidemark/core"
import { storedFacts } from "@tidemark/core/engine"
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
  /** Who is at the other end, and what it may do. There is no default: an open door must be asked for. */
  readonly authorization: Authorization
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
  readonly #clock: Clock
  readonly #heartbeat: number
  readonly #silence: Silence
  #feed = new AbortController()
  #answering: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(store: Store, end: ServerEnd, options: ServeOptions) {
    this.#store = store
    this.#end = end
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#heartbeat = options.heartbeat ?? HEARTBEAT
    this.#silence = new Silence(this.#clock, () => this.stop())
    this.#silence.start(this.#heartbeat)
  }

  receive(data: unknown): void {
    if (this.#stopped) return
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
    if (this.#stopped) return
    this.#stopped = true
    this.#silence.end()
    this.#feed.abort()
    this.#end.close()
    this.#options.onEnd?.()
  }

  /** A new hello on the same channel begins anew. */
  #follow(hello: Hello): void {
    this.#feed.abort()
    const feed = new AbortController()
    this.#feed = feed
    const tell = async () => {
      const messages = feedOf(this.#store, this.#options.authorization, hello, feed.signal)
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
        const { authorization } = this.#options
        for (const answer of await answerMutate(this.#store, authorization, message)) {
          if (!this.#stopped) this.#end.send(answer)
        }
      })
      .catch((error) => this.#fail(error))
  }

  #fail(error: unknown): void {
    if (this.#stopped) return
    if (StoreError.is(error, "unauthorized"))
      this.#end.send({ type: "denied", error: error.toJSON() })
    this.#options.onError?.(error)
    this.stop()
  }
}
