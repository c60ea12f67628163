import { checkAmount } from "./amount.ts"
import type { Awaitable } from "./awaitable.ts"
import { type Change, type ChangeType, checkTypes } from "./change.ts"
import type { Signal } from "./commits.ts"
import { Cursor, checkFrom, type From, type OnGap } from "./cursor.ts"
import { Delivery } from "./delivery.ts"
import type { FollowReads } from "./engine.ts"
import { StoreError } from "./errors.ts"
import type { FeedReads } from "./feed.ts"
import type { Target } from "./target.ts"

/** What a subscriber gives. A plain function stands for `next`. */
export interface Observer<V = unknown> {
  next?(change: Change<V>): void
  /**
   * Asked when some changes have been told, whole batches of them. Where it gives a promise, no
   * more is read before that resolves: a slow observer costs no memory. A store that closes does
   * not wait for it; what it can no longer read then ends it with `closed`.
   */
  ready?(): Promise<unknown> | undefined
  /**
   * What was told no longer holds, because too much is forgotten, or the sequence was replaced: a
   * replay of everything there is follows. Only where `onGap` is `"replay"`.
   */
  reset?(): void
  /** The watch has ended by an error, such as `position_too_old`. */
  error?(error: StoreError): void
  /** The watch has ended: aborted, disposed, or the store closed. */
  complete?(): void
}

/** A running subscription. */
export interface Subscription {
  readonly closed: boolean
  /** Ends it: nothing is called any more. */
  unsubscribe(): void
}

export interface WatchOptions {
  /** `"now"` (default): changes from now on. `"current"`: what is there first, as a replay. A seq: changes after it. */
  readonly from?: From
  /** Only these types of changes. */
  readonly types?: readonly ChangeType[]
  /**
   * About how many changes a reader takes into memory at once, but always whole batches; a slower
   * reader reads on from the log. Default 256.
   */
  readonly buffer?: number
  /**
   * What happens when the log no longer reaches back to where a reader stands. `"error"` (default):
   * it ends with `position_too_old`. `"replay"`: it goes on with the newest state of everything that
   * has changed since, deletes too, as a replay; where even that is forgotten, with everything
   * there is, after `observer.reset`. A loop cannot be told of that.
   */
  readonly onGap?: OnGap
  /** Ends the watch. */
  readonly signal?: Signal
}

/**
 * The committed changes of a target, in order, each once. Each subscriber and each loop reads at
 * its own pace from the position at which the watch was made.
 *
 * @example
 * for await (const change of store.watch("orders", { from: "current" })) print(change)
 */
export interface Watch<V = unknown> extends AsyncIterable<Change<V>> {
  subscribe(observer: Observer<V> | ((change: Change<V>) => void)): Subscription
  /** Resolves when the first reader has been given the replay. */
  readonly synced: Promise<void>
  [Symbol.dispose](): void
  /** For RxJS and other libraries that take an interoperable observable. */
  "@@observable"(): Watch<V>
}

/** What a watch needs of its store. */
export interface WatchContext {
  readonly engine: FollowReads
  readonly feed: FeedReads
  /** The time by which entries end. */
  now(): number
  /** What a stored change is read as. @throws StoreError for one that cannot be read. */
  give(change: Change): Change
  /** Where an error goes that a handler has thrown. */
  report(error: unknown): void
  /** Whether the sequence goes as far as a position, where that can be known. */
  reaches?(position: number): Awaitable<boolean>
}

/** Makes a watch. @throws StoreError `invalid_key` for a target with a bad name. */
export function createWatch(
  context: WatchContext,
  target: Target,
  options: WatchOptions = {},
): Watch {
  const watch = new FeedWatch(context, target, options)
  // Where a host or a polyfill has `Symbol.observable`, libraries look for that and not for the text.
  const { observable } = Symbol as { readonly observable?: symbol }
  if (observable !== undefined) Object.assign(watch, { [observable]: () => watch })
  return watch
}

class FeedWatch implements Watch {
  readonly synced: Promise<void>
  readonly #context: WatchContext
  readonly #makeCursor: () => Cursor
  readonly #stops = new Set<() => void>()
  readonly #signal: Signal | undefined
  readonly #abort = () => this[Symbol.dispose]()
  #resolveSynced: () => void = () => {}
  #isDisposed = false

  constructor(context: WatchContext, target: Target, options: WatchOptions) {
    const { from = "now", types, buffer: page = 256, onGap = "error", signal } = options
    checkAmount("buffer", page, 1)
    checkFrom(from)
    checkTypes(types)
    // "now" is the moment of the watch, not of the subscription.
    const start = from === "now" ? context.feed.position : from
    const { engine, feed, now, give, reaches = () => true } = context
    const cursorOptions = {
      engine,
      target,
      from: start,
      types,
      page,
      onGap,
      now,
      give,
      reaches,
    }
    this.#makeCursor = () => new Cursor(feed, cursorOptions)
    this.#makeCursor() // A bad target is told at once.
    this.#context = context
    this.synced = new Promise((resolve) => {
      this.#resolveSynced = resolve
    })
    this.#signal = signal
  }

  subscribe(observer: Observer | ((change: Change) => void)): Subscription {
    if (!isObserver(observer)) throw noObserver()
    const reader = new Delivery(this.#context, this.#makeCursor(), observer, () =>
      this.#resolveSynced(),
    )
    const stop = () => reader.stop()
    reader.onEnd = this.#enter(stop)
    if (this.#ended) reader.stop()
    else reader.start()
    return {
      get closed() {
        return reader.closed
      },
      unsubscribe: () => reader.cancel(),
    }
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Change, void, undefined> {
    const loop: Loop = { stopped: this.#ended, wake: () => {} }
    const changes = this.#reading(loop)
    const stop = () => {
      loop.stopped = true
      loop.wake()
    }
    return {
      next: () => changes.next(),
      // Who gives up while it waits for a change does not wait for that change.
      return: () => {
        stop()
        return changes.return()
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  async *#reading(loop: Loop): AsyncGenerator<Change, void, undefined> {
    const { feed } = this.#context
    const cursor = this.#makeCursor()
    const leave = this.#enter(() => {
      loop.stopped = true
      loop.wake()
    })
    const forget = feed.onWake(() => loop.wake())
    try {
      while (!loop.stopped) {
        const { changes } = await cursor.next()
        for (const change of changes) {
          if (loop.stopped) return
          yield change
        }
        if (!cursor.caughtUp) continue
        this.#resolveSynced()
        if (feed.ended) return
        await new Promise<void>((resolve) => {
          loop.wake = resolve
          if (loop.stopped || feed.ended || !cursor.caughtUp) resolve()
        })
      }
    } finally {
      forget()
      leave()
    }
  }

  get #ended(): boolean {
    return this.#isDisposed || this.#signal?.aborted === true
  }

  /** Lets a reader be stopped; the result lets go of it. The signal is heard only while somebody reads. */
  #enter(stop: () => void): () => void {
    if (this.#stops.size === 0) this.#signal?.addEventListener("abort", this.#abort)
    this.#stops.add(stop)
    return () => {
      this.#stops.delete(stop)
      if (this.#stops.size === 0) this.#signal?.removeEventListener("abort", this.#abort)
    }
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true
    for (const stop of [...this.#stops]) stop()
  }

  "@@observable"(): this {
    return this
  }
}

/** A loop over a watch: whether it is to end, and what wakes it while it waits. */
interface Loop {
  stopped: boolean
  wake: () => void
}

function isObserver(observer: unknown): boolean {
  return typeof observer === "function" || (typeof observer === "object" && observer !== null)
}

function noObserver(): StoreError {
  return new StoreError("invalid_value", "A watch has nobody to tell its changes", {
    hint: "Give subscribe() a function, or an object with next, error and complete",
  })
}
