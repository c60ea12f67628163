import { type Clock, type Kinds, type Store, systemClock } from "@tidemark/core"
import {
  type Awaitable,
  checkFunction,
  checkOptions,
  reportToConsole,
  storedFacts,
} from "@tidemark/core/engine"
import { RECHECK } from "./access.ts"
import type { Authorization } from "./authorization.ts"
import { boundsOf, type SharedLimits } from "./bounds.ts"
import { HEARTBEAT } from "./heartbeats.ts"
import { HttpAuthority } from "./http-authority.ts"
import type { Limits } from "./limits.ts"

export type { Limits } from "./limits.ts"

export interface HandlerOptions {
  /** Who asks, and what it may do; `undefined` turns it away. There is no default. */
  readonly authorize: (request: Request) => Awaitable<Authorization | undefined>
  /**
   * How often `authorize` is asked again about the request of a stream that is open, in
   * milliseconds. When it says something else, or fails, the stream ends. Default 300,000.
   */
  readonly recheck?: number
  /** Origins that may ask besides the server's own, such as `"https://app.example"`. */
  readonly origins?: readonly string[]
  /**
   * The `Host` headers that are answered, each as a browser sends it: `"app.example"`,
   * `"localhost:8080"`. Any when not given. Give them where only a firewall, or the loopback
   * address, keeps others out: a page could have its own name lead there (DNS rebinding).
   */
  readonly hosts?: readonly string[]
  /**
   * Whether a proxy in front says by `X-Forwarded-Host` and `X-Forwarded-Proto` what a request was
   * for. Default false: without one, anybody can send these.
   */
  readonly trustProxy?: boolean
  /** How much is taken from all, and from each principal; each has a default. Or those of several servers. */
  readonly limits?: Partial<Limits> | SharedLimits
  /**
   * Whether values may have the name `__proto__`, or `constructor` over `prototype`. Stores and
   * channels carry them as data; code that copies values without care would reach a prototype by
   * them. Default false: a write with one is refused.
   */
  readonly prototypeNames?: boolean
  /** How often a quiet stream shows that it is alive, in milliseconds. Default 15,000. */
  readonly heartbeat?: number
  /** How long `close()` waits for what is under way, in milliseconds. Default 5,000. */
  readonly grace?: number
  /** Hears of failures that are the server's own, and of what `authorize` throws. Default: the console. */
  readonly onError?: (error: unknown) => void
  /** Where time comes from. Default: this machine. */
  readonly clock?: Clock
}

/** Which store a request is about, for one handler that serves many; `undefined` where there is none. */
export type StoreOf<K extends Kinds = Kinds> = (
  request: Request,
  authorization: Authorization,
) => Awaitable<Store<K> | undefined>

/** A web-standard handler, and its end. */
export interface Handler {
  (request: Request): Promise<Response>
  /**
   * Refuses what comes from now on with 503, lets the requests that are under way finish, and ends
   * each stream when its follower has been told everything up to now. Resolves when all have
   * ended; what is left after the grace is cut off.
   */
  close(): Promise<void>
}

/**
 * Lets browsers and other processes follow a store and write to it, over HTTP: a web-standard
 * handler for Next, Hono, Bun, Deno, or `listen` on Node. A function instead of a store says for
 * each request which one it is about; who asks for one that is not there, or not its own, is
 * turned away in the same words.
 *
 * @throws StoreError `unsupported` for what is not a store that was opened here, `invalid_value` for
 * options that cannot be, such as none to `authorize`.
 * @example
 * const handler = createHandler(store, { authorize: (request) => userOf(request) })
 * export { handler as GET, handler as POST }
 *
 * const handlerOfTenants = createHandler(
 *   (request, { principal }) => mayEnter(principal, tenantOf(request)) ? store.scope(tenantOf(request)) : undefined,
 *   { authorize },
 * )
 */
export function createHandler<K extends Kinds>(
  served: Store<K> | StoreOf<K>,
  options: HandlerOptions,
): Handler {
  // Refused now, and not with the first request.
  checkOptions("createHandler()", options, HANDLER_OPTIONS)
  checkFunction("authorize", options.authorize, "(request) => ({ principal }) or undefined")
  if (typeof served !== "function") storedFacts(served)
  // What travels is checked by the store itself; here its values are unknown.
  const storeOf = (typeof served === "function" ? served : () => served) as unknown as StoreOf
  const { clock = systemClock } = options
  const authority = new HttpAuthority(storeOf, {
    ...options,
    origins: options.origins ?? [],
    hosts: options.hosts?.map((host) => host.toLowerCase()),
    trustProxy: options.trustProxy ?? false,
    bounds: boundsOf(options.limits ?? {}, clock),
    prototypeNames: options.prototypeNames ?? false,
    recheck: options.recheck ?? RECHECK,
    heartbeat: options.heartbeat ?? HEARTBEAT,
    grace: options.grace ?? 5_000,
    onError: options.onError ?? reportToConsole,
    clock,
  })
  return Object.assign((request: Request) => authority.answer(request), {
    close: () => authority.close(),
  })
}

const HANDLER_OPTIONS: readonly string[] = Object.keys({
  authorize: true,
  recheck: true,
  origins: true,
  hosts: true,
  trustProxy: true,
  limits: true,
  prototypeNames: true,
  heartbeat: true,
  grace: true,
  onError: true,
  clock: true,
} satisfies Record<keyof HandlerOptions, true>)
