import { type Awaitable, isPromise } from "./awaitable.ts"
import type { Clock } from "./clock.ts"
import { StoreError } from "./errors.ts"
import { Grace, type Idle } from "./grace.ts"

/** How far a live result is: not read yet, current, could not be read, or of a closed store. */
export type LiveStatus = "loading" | "ready" | "failed" | "closed"

/**
 * A result that is kept current: what is true now, own pending writes included. It may skip
 * states in between. `get` returns the same object until the result changes, so that
 * `useSyncExternalStore` and its like bind to it in a line.
 */
export interface Live<T> {
  get(): T
  /**
   * Calls back after each change of the result; the return value unsubscribes. The first who
   * subscribes to one that has failed has it read again.
   */
  subscribe(listener: () => void): () => void
  /** Resolves when the result has been read for the first time; rejects when it cannot be. */
  readonly ready: Promise<void>
  readonly status: LiveStatus
  /** Why it could not be read, while it is `"failed"`; else `undefined`. */
  readonly error: unknown
}

/** How long a live result without subscribers is kept current, in milliseconds, at least. */
const GRACE = 1_000

/** What all live results of a store share. */
export interface LiveContext {
  readonly clock: Clock
  readonly grace: Grace
  /** Where an error goes that a listener has thrown. */
  report(error: unknown): void
}

export function liveContext(clock: Clock, report: (error: unknown) => void): LiveContext {
  return { clock, grace: new Grace(clock, GRACE), report }
}

/**
 * The part that all live results have in common: listeners, and a life that begins with the
 * first use and ends a while after the last, to begin again when it is asked again.
 */
export abstract class LiveResult<T> implements Live<T>, Idle {
  readonly #context: LiveContext
  readonly #listeners = new Set<() => void>()
  #status: LiveStatus = "loading"
  #error: unknown
  /** Counts the readings: of two that overlap, the newer one counts. */
  #readings = 0
  #active = false
  #ready: Promise<void> | undefined

  constructor(context: LiveContext) {
    this.#context = context
  }

  get(): T {
    this.#activate()
    return this.value()
  }

  subscribe(listener: () => void): () => void {
    // A function may be given twice; each subscription has its own end.
    const entry = () => listener()
    this.#activate()
    if (this.#status === "failed" && this.#listeners.size === 0) this.#tryAgain()
    this.#listeners.add(entry)
    this.#context.grace.cancel(this)
    return () => {
      if (!this.#listeners.delete(entry) || this.#listeners.size > 0) return
      if (this.#status !== "closed") this.#context.grace.begin(this)
    }
  }

  get ready(): Promise<void> {
    this.#activate()
    return this.#ready ?? Promise.resolve()
  }

  get status(): LiveStatus {
    return this.#status
  }

  get error(): unknown {
    return this.status === "failed" ? this.#error : undefined
  }

  /** Tells the listeners; one that throws harms no other. */
  notify(): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener()
      } catch (error) {
        this.#context.report(error)
      }
    }
  }

  /** Reads everything again; until it is here, the result stays as it was. */
  reload(): void {
    if (!this.#active) return
    this.#load()
  }

  /** It was not used for long: it hears no more, until it is used again. */
  rest(): void {
    this.#active = false
    this.detach()
  }

  /** The store has closed: the last value stays. */
  close(): void {
    this.#context.grace.cancel(this)
    this.#status = "closed"
    this.notify()
  }

  /** Something of the result cannot be read now. The listeners are still to be told. */
  protected fail(error: unknown): void {
    if (this.#status === "closed" || this.#status === "failed") return
    this.#status = "failed"
    this.#error = error
    this.#context.report(error)
  }

  /** All of the result can be read again. */
  protected recover(): void {
    if (this.#status !== "failed") return
    this.#status = "ready"
    this.#ready = undefined
  }

  /** The present result. */
  protected abstract value(): T
  /** Reads the result from the store. */
  protected abstract load(): Awaitable<void>
  /** Begins to hear of changes. */
  protected abstract attach(): void
  /** Hears no more. */
  protected abstract detach(): void

  #activate(): void {
    if (this.#active || this.#status === "closed") return
    this.#active = true
    this.#status = "loading"
    this.attach()
    if (this.status === "closed") return // By a store that has closed.
    this.#load()
    if (this.#listeners.size === 0) this.#context.grace.begin(this)
  }

  /** Nobody knows that it has failed but who asks anew. */
  #tryAgain(): void {
    this.#status = "loading"
    this.#load()
  }

  #load(): void {
    const reading = ++this.#readings
    let loaded: Awaitable<void>
    try {
      loaded = this.load()
    } catch (error) {
      loaded = Promise.reject(error)
    }
    if (!isPromise(loaded)) {
      this.#status = "ready"
      this.#ready = undefined
      return
    }
    this.#ready = loaded.then(
      () => (reading === this.#readings ? this.#loaded("ready") : this.#ready),
      (error) => {
        if (reading !== this.#readings) return this.#ready
        this.#reportOnce(error)
        this.#error = error
        this.#loaded("failed")
        throw error
      },
    )
    this.#ready.catch(() => {}) // Reported, also where nobody waits.
  }

  #reportOnce(error: unknown): void {
    const isTold = this.#status === "failed" && this.#error === error
    // That the store was closed meanwhile is nothing that went wrong.
    if (!isTold && !StoreError.is(error, "closed")) this.#context.report(error)
  }

  #loaded(status: LiveStatus): void {
    if (this.#status === "closed") return
    this.#status = status
    this.notify()
  }
}
