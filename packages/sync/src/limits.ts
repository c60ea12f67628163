import { StoreError } from "@tidemark/core"
import { checkOptions } from "@tidemark/core/engine"

/**
 * What a server gives to all, and to each principal. `Infinity` lifts a limit. A conversation over a
 * channel of two ways counts as a stream; `postsEach`, `body`, `bodyTime` and
 * `stall` are of HTTP alone.
 */
export interface Limits {
  /** Streams of changes that are open at once. Default 10,000. */
  readonly streams: number
  /** … of one principal. Default 32. */
  readonly streamsEach: number
  /** Streams that a principal may open in a minute: each may cost a snapshot. Default 240. */
  readonly opensEach: number
  /** Requests with writes that a principal may have under way at once. Default 32. */
  readonly postsEach: number
  /** Writes of a principal in a second. A request without any counts as one. Default 1,000. */
  readonly writesEach: number
  /** … that it may have saved up while it wrote less: a replica comes back with many. Default 5,000. */
  readonly writesSaved: number
  /**
   * Bytes of the messages with writes or questions that a principal sends in a second; characters,
   * where a channel does not count bytes. Default 4 MiB.
   */
  readonly bytesEach: number
  /** … that it may have saved up while it sent less. Default 64 MiB. */
  readonly bytesSaved: number
  /**
   * Clients as which a principal may begin to write in a day, each remembered for `clientFor` or
   * `memoryClientFor`: one for each storage of a replica, and for each run of one without. Default 1,000.
   */
  readonly clientsEach: number
  /** Questions about kinds that are not held, of a principal in a second. Default 500. */
  readonly asksEach: number
  /** … that it may have saved up while it asked less: a page that opens asks many. Default 5,000. */
  readonly asksSaved: number
  /** Bytes of a request's body. Default 4 MiB. */
  readonly body: number
  /** How long a body may take to come, in milliseconds. Default 30,000. */
  readonly bodyTime: number
  /** Mutations of one message; a replica sends up to 200. Default 500. */
  readonly mutations: number
  /** Ops and expectations of one mutation. Default 10,000. */
  readonly ops: number
  /** Levels of one value. Default 100. */
  readonly depth: number
  /** Values inside the values of one mutation. Default 500,000. */
  readonly values: number
  /**
   * How long a client that keeps its writes is known after its last one, in milliseconds: a write
   * of before that is refused when it comes again. Alike for all servers of a store. Default 400 days.
   */
  readonly clientFor: number
  /** … a client that has its writes in memory alone. Default 7 days. */
  readonly memoryClientFor: number
  /** How long a stream's reader may leave what it was sent, in milliseconds. Default 30,000. */
  readonly stall: number
}

const DAY = 86_400_000

/** What holds where nothing else is said. */
export const DEFAULT_LIMITS: Limits = {
  streams: 10_000,
  streamsEach: 32,
  opensEach: 240,
  postsEach: 32,
  writesEach: 1_000,
  writesSaved: 5_000,
  bytesEach: 4 * 1024 * 1024,
  bytesSaved: 64 * 1024 * 1024,
  clientsEach: 1_000,
  asksEach: 500,
  asksSaved: 5_000,
  body: 4 * 1024 * 1024,
  bodyTime: 30_000,
  mutations: 500,
  ops: 10_000,
  depth: 100,
  values: 500_000,
  clientFor: 400 * DAY,
  memoryClientFor: 7 * DAY,
  stall: 30_000,
}

/** @throws StoreError `invalid_value` for limits that there are not, or that are none: who sets one counts on it. */
export function checkLimits(limits: Limits): void {
  checkOptions("What bounds a server", limits, Object.keys(DEFAULT_LIMITS))
  for (const [name, limit] of Object.entries(limits)) {
    if (typeof limit === "number" && limit >= 0) continue
    throw new StoreError("invalid_value", `${JSON.stringify(limit)} is no limit of ${name}`, {
      details: { name, limit },
      hint: "Give a number from 0, or Infinity",
    })
  }
}

/** What holds between parts of one application where nothing else is said: nothing lasts for ever, though. */
export const UNLIMITED: Limits = {
  ...(Object.fromEntries(
    Object.keys(DEFAULT_LIMITS).map((name) => [name, Number.POSITIVE_INFINITY]),
  ) as unknown as Limits),
  clientFor: DEFAULT_LIMITS.clientFor,
  memoryClientFor: DEFAULT_LIMITS.memoryClientFor,
}
