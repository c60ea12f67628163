import { isPromise } from "./awaitable.ts"
import type { Change } from "./change.ts"
import type { Cursor, Page } from "./cursor.ts"
import type { StoreError } from "./errors.ts"
import { host } from "./host.ts"
import type { Observer, WatchContext } from "./watch.ts"

/** Pushes what a cursor reads to an observer: outside the commit, never twice at once. */
export class Delivery {
  readonly #context: WatchContext
  readonly #cursor: Cursor
  readonly #observer: Observer
  readonly #synced: () => void
  #forget: () => void = () => {}
  readonly #ended = Promise.withResolvers<void>()
  #busy = false
  #isPaused = false
  closed = false
  onEnd: () => void = () => {}

  constructor(
    context: WatchContext,
    cursor: Cursor,
    observer: Observer | ((change: Change) => void),
    synced: () => void,
  ) {
    this.#context = context
    this.#cursor = cursor
    this.#observer = typeof observer === "function" ? { next: observer } : observer
    this.#synced = synced
  }

  start(): void {
    this.#forget = this.#context.feed.onWake(() => {
      this.#schedule()
      // Who takes their time is not waited for.
      return this.#isPaused ? undefined : this.#ended.promise
    })
    this.#schedule()
  }

  /** Ends it for the observer, who is told. */
  stop(): void {
    this.#end(() => this.#observer.complete?.())
  }

  /** Ends it by the observer's own wish: nothing is called any more. */
  cancel(): void {
    this.#end(() => {})
  }

  #schedule(): void {
    if (this.#busy || this.closed) return
    this.#busy = true
    host.queueMicrotask(() => this.#drain())
  }

  #drain(): void {
    try {
      while (!this.closed) {
        const page = this.#cursor.next()
        const pause = isPromise(page)
          ? page.then((late) => this.#deliver(late))
          : this.#deliver(page)
        if (pause !== undefined) {
          pause.then(() => this.#goOn()).catch((error) => this.#fail(error))
          return
        }
        if (this.#rest()) return
      }
    } catch (error) {
      this.#fail(error)
    }
  }

  #goOn(): void {
    this.#isPaused = false
    this.#drain()
  }

  /** Whether there is nothing more to do until the feed wakes us. */
  #rest(): boolean {
    if (!this.#cursor.caughtUp) return false
    this.#busy = false
    this.#synced()
    if (this.#context.feed.ended) this.stop()
    return true
  }

  /** Without a pause, so that nobody sees half of a batch. What it gives is to be waited for. */
  #deliver({ changes, reset }: Page): Promise<unknown> | undefined {
    if (reset) this.#guard(() => this.#observer.reset?.())
    for (const change of changes) {
      if (this.closed) return
      this.#guard(() => this.#observer.next?.(change))
    }
    return changes.length === 0 || this.closed ? undefined : this.#pause()
  }

  #pause(): Promise<unknown> | undefined {
    const ready = this.#guard(() => this.#observer.ready?.())
    if (ready === undefined) return
    this.#isPaused = true
    if (this.#context.feed.ended) this.#ended.resolve()
    return ready
  }

  #fail(error: unknown): void {
    this.#end(() => this.#observer.error?.(error as StoreError))
  }

  #end(tell: () => void): void {
    if (this.closed) return
    this.closed = true
    this.#ended.resolve()
    this.#forget()
    this.onEnd()
    this.#guard(tell)
  }

  #guard<T>(call: () => T): T | undefined {
    try {
      return call()
    } catch (error) {
      this.#context.report(error)
      return
    }
  }
}
