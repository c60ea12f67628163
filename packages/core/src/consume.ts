import type { Change } from "./change.ts"
import type { Signal } from "./commits.ts"
import { type From, isFrom, type OnGap } from "./cursor.ts"
import { StoreError } from "./errors.ts"
import type { Kinds } from "./kinds.ts"
import type { Live } from "./live.ts"
import { checkKey } from "./names.ts"
import type { Parked } from "./parked.ts"
import type { Transaction } from "./transaction.ts"
import type { Failure, RetryOptions } from "./trouble.ts"

/**
 * Takes one change. What it writes with `tx` is committed together with the consumer's position:
 * exactly once, whatever happens. What it does elsewhere may be done again after a crash. A promise
 * that it gives is waited for; what it throws leaves no trace.
 */
export type Handler<V = unknown, K extends Kinds = Kinds> = (
  change: Change<V>,
  tx: Transaction<K>,
  context: HandlerContext,
) => unknown

/** What a handler is told besides the change. */
export interface HandlerContext {
  /** Fires when the consumer ends, which then waits for the handler, but not for ever. */
  readonly signal: HandlerSignal
  /** 1 for the first try of this change by this instance. */
  readonly attempt: number
}

/** The host's AbortSignal, where its types are known. */
export type HandlerSignal = typeof globalThis extends { AbortSignal: { prototype: infer Host } }
  ? Host
  : Signal

export interface ConsumeOptions<K extends Kinds = Kinds> {
  /**
   * Where the first start under a name begins; later ones go on where the last one stood.
   * `"now"` (default): after what is there. `"current"`: with what is there, as a replay. A seq: after it.
   */
  readonly from?: From
  /** Batches are handled several in one transaction, up to about so many changes. Default 100. */
  readonly batch?: number
  /** How often, and after which waits, a change is tried before it is parked. */
  readonly retry?: RetryOptions
  /**
   * What happens when the log no longer reaches back to its position. `"error"` (default): it stops
   * with `position_too_old`. `"replay"`: it begins anew with what is there, as a replay, after `reset`.
   */
  readonly onGap?: OnGap
  /**
   * What was handled no longer holds; a replay of everything there is follows, and what that does
   * not tell is gone. What is written here is committed with the position from which it follows.
   */
  reset?(tx: Transaction<K>): unknown
}

/** What a consumer does. */
export interface ConsumerStatus {
  /**
   * `"retrying"`: waits for the next try. `"stopped"`: by an error, which `ended` tells.
   * `"closed"`: by itself, or with its store.
   */
  readonly state: "starting" | "replaying" | "following" | "retrying" | "stopped" | "closed"
  /** What goes wrong, while it does. */
  readonly failure?: Failure
}

/**
 * A named reader whose position is kept in the store: each change of its target is handled in
 * order, across restarts, by one instance at a time.
 */
export interface Consumer {
  readonly name: string
  /** Up to here everything is handled, durably; 0 before the start, and while a replay lasts. */
  readonly position: number
  /** How far it is behind the newest change of its target, in changes of the store; 0 when it has caught up. */
  readonly lag: Live<number>
  readonly status: Live<ConsumerStatus>
  /**
   * Resolves when it has been closed; rejects with what has stopped it.
   * `conflict`: another instance goes on under the name. `position_too_old`: see `onGap`.
   */
  readonly ended: Promise<void>
  /** The changes that could not be handled, in their order. */
  parked(): Promise<readonly Parked[]>
  /**
   * Hands each parked change to the handler once more, after what it is handling now. Those that
   * fail stay parked. @throws StoreError `closed` when the consumer has ended.
   */
  replayParked(): Promise<{ readonly handled: number; readonly left: number }>
  /** Begins nothing new and waits for the handler that runs, at most two seconds. Idempotent. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** @throws StoreError `invalid_key` for a bad name, `invalid_value` for an option that cannot hold. */
export function checkConsume(name: string, options: ConsumeOptions): void {
  checkKey(name)
  if (name === "") {
    throw new StoreError("invalid_key", "A consumer needs a name", {
      hint: "Its position is kept under it, over restarts",
    })
  }
  const { from = "now", batch = 1, retry = {}, onGap = "error" } = options
  const { tries = 1, first = 0, longest = 0 } = retry
  const wrong =
    (!isFrom(from) && 'from: "now", "current" or a seq') ||
    (!(batch >= 1) && "a batch of at least 1") ||
    (!(tries >= 1) && "at least 1 try") ||
    (!(first >= 0 && longest >= 0) && "waits of 0 milliseconds or more") ||
    (!["error", "replay"].includes(onGap) && 'onGap: "error" or "replay"')
  if (!wrong) return
  throw new StoreError("invalid_value", `The consumer ${JSON.stringify(name)} needs ${wrong}`, {
    details: { consumer: name },
  })
}
