import { type Clock, type Kinds, type Store, StoreError } from "@tidemark/core"
import { storedFacts } from "@tidemark/core/engine"
import type { Authorize } from "./access.ts"
import type { Authorization } from "./authorization.ts"
import type { SharedLimits } from "./bounds.ts"
import type { Limits } from "./limits.ts"
import type { ServerMessage } from "./message.ts"
import { Session } from "./session.ts"

/** The authority's end of a two-way channel, such as a MessagePort. */
export interface ServerEnd {
  send(message: ServerMessage): void
  /** Where too much of what was sent waits for the other end: resolves when it has taken enough to be told more. */
  ready?(): Promise<void> | undefined
  /** Called with what comes in, and its size in bytes where that is known, and when nothing more will. */
  receive(message: (data: unknown, size?: number) => void, closed: () => void): void
  close(): void
  /** The longest message that it takes, in bytes, where there is a limit: replicas are told. */
  readonly maxMessage?: number
  /** Whether strangers may be at the other end, so that limits hold by default. Default false. */
  readonly isOpen?: boolean
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
  /**
   * How much is taken from all, and from each principal: as of `createHandler`, or counted together
   * with it by `shareLimits`. Bare limits count for this conversation alone. When not given, a
   * WebSocket is held to the defaults, counted for all of this store and its scopes; other channels
   * have no limits.
   */
  readonly limits?: Partial<Limits> | SharedLimits
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
 * @throws StoreError `unsupported` for what is not a store that was opened here, `invalid_value` for
 * what is no end of a channel, and where nobody has said who is at the other one.
 * @example
 * const stop = serve(store, messagePortEnd(port), { authorization: { principal: "window 1" } })
 */
export function serve<K extends Kinds>(
  store: Store<K>,
  end: ServerEnd,
  options: ServeOptions,
): () => void {
  // Refused now, and not with the first message.
  storedFacts(store)
  checkEnds(end, options)
  // What travels is checked by the store itself; here its values are unknown.
  const session = new Session(store as unknown as Store, end, options)
  end.receive(
    (data, size) => session.receive(data, size),
    () => session.stop(),
  )
  return () => session.stop()
}

function checkEnds(end: unknown, options: unknown): void {
  const { send, receive } = Object(end) as Partial<ServerEnd>
  if (typeof send !== "function" || typeof receive !== "function") {
    throw new StoreError("invalid_value", "What serve() was given is no end of a channel", {
      hint: "Make one of the port or the socket: serve(store, messagePortEnd(port), { authorization })",
    })
  }
  const { authorization } = Object(options) as Partial<ServeOptions>
  const principal = Object(authorization).principal
  if (typeof authorization === "function" || typeof principal === "string") return
  throw new StoreError("invalid_value", "serve() was not told who is at the other end", {
    hint: 'Give authorization: { principal: "…" }, or a function that says so',
  })
}
