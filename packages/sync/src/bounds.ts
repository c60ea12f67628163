import { type Clock, systemClock } from "@tidemark/core"
import { Allowance } from "./allowance.ts"
import { checkLimits, DEFAULT_LIMITS, type Limits } from "./limits.ts"
import { Seats } from "./seats.ts"

/** Limits that several servers count together: give it to each of them as `limits`. */
export interface SharedLimits {
  readonly limits: Limits
}

/**
 * Limits for several servers of one process: what a principal does over HTTP, over its WebSockets
 * and anywhere else is counted together.
 *
 * @example
 * const limits = shareLimits({ writesEach: 100 })
 * const handler = createHandler(store, { authorize, limits })
 * sockets.on("connection", (socket, request) =>
 *   serve(store, webSocketEnd(socket), { authorization: authorizationOf(request), limits }))
 */
export function shareLimits(
  limits: Partial<Limits> = {},
  { clock = systemClock }: { readonly clock?: Clock } = {},
): SharedLimits {
  return new Bounds({ ...DEFAULT_LIMITS, ...limits }, clock)
}

/** The bounds that limits mean: those that were shared, or some of their own. */
export function boundsOf(
  given: Partial<Limits> | SharedLimits,
  clock: Clock,
  others: Limits = DEFAULT_LIMITS,
): Bounds {
  return given instanceof Bounds ? given : new Bounds({ ...others, ...given }, clock)
}

/** What all, and each principal, have left. */
export class Bounds implements SharedLimits {
  readonly limits: Limits
  readonly streams: Seats
  readonly opens: Allowance
  readonly posts: Seats
  readonly writes: Allowance
  readonly bytes: Allowance
  readonly asks: Allowance
  readonly clients: Allowance

  /** @throws StoreError `invalid_value` for limits that there are not, or that are none. */
  constructor(limits: Limits, clock: Clock) {
    checkLimits(limits)
    this.limits = limits
    this.streams = new Seats(limits.streams, limits.streamsEach)
    this.opens = new Allowance(clock, limits.opensEach / 60, limits.opensEach)
    this.posts = new Seats(Number.POSITIVE_INFINITY, limits.postsEach)
    this.writes = new Allowance(clock, limits.writesEach, limits.writesSaved)
    this.asks = new Allowance(clock, limits.asksEach, limits.asksSaved)
    this.clients = new Allowance(clock, limits.clientsEach / 86_400, limits.clientsEach)
    this.bytes = new Allowance(clock, limits.bytesEach, limits.bytesSaved)
  }
}
