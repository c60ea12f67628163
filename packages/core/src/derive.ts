import { type Clock, systemClock } from "./clock.ts"
import { StoreError } from "./errors.ts"
import { host } from "./host.ts"
import { type Live, LiveResult, type LiveStatus, liveContext } from "./live.ts"
import { checkFunction } from "./options.ts"
import { retain } from "./retain.ts"

/** What deriving a live result can be told. */
export interface DeriveOptions {
  /** The time; a test gives its own. */
  readonly clock?: Clock
  /** Where errors go that the function and listeners throw. Default: the console. */
  readonly onError?: (error: unknown) => void
}

/**
 * A live result that a function makes of others, of one store or of several, derived ones too.
 *
 * It follows them only while it is used itself, and calls the function only when one of them has
 * changed. Its listeners are called once for each change of theirs, never with some of them old
 * and some new. The result is frozen as stored values are, and what is equal in it to the result
 * before keeps its identity; all of it, where nothing has changed, and then nobody is called.
 *
 * When the function throws, that is reported, the last result stays, and the status is `"failed"`
 * until the next change. Where there is no last one, `get` throws what the function threw.
 *
 * @example
 * const open = derive([tasks, filter], (tasks, filter) => tasks.filter(({ value }) => fits(value, filter)))
 */
export function derive<const L extends readonly Live<unknown>[], T>(
  lives: L,
  make: (...values: { [I in keyof L]: L[I] extends Live<infer V> ? V : never }) => T,
  options: DeriveOptions = {},
): Live<T> {
  checkFunction(
    "What derive() was given to make its result",
    make,
    "derive([live, …], (value, …) => …)",
  )
  // The values are those of the lives, in their order.
  return new DerivedLive<T>(lives, make as (...values: readonly unknown[]) => T, options)
}

class DerivedLive<T> extends LiveResult<T> {
  readonly #lives: readonly Live<unknown>[]
  readonly #make: (...values: readonly unknown[]) => T
  readonly #report: (error: unknown) => void
  /** What the newest result was made of. */
  #values: readonly unknown[] | undefined
  #result: { readonly value: T } | undefined
  #failure: { readonly error: unknown } | undefined
  /** What the listeners know. */
  #told: { readonly status: LiveStatus; readonly result: unknown } | undefined
  #reading: Promise<void> | undefined
  #stops: readonly (() => void)[] = []

  constructor(
    lives: readonly Live<unknown>[],
    make: (...values: readonly unknown[]) => T,
    { clock = systemClock, onError: report = reportToConsole }: DeriveOptions,
  ) {
    super(liveContext(clock, report))
    this.#lives = [...lives]
    this.#make = make
    this.#report = report
  }

  override get status(): LiveStatus {
    if (this.#values === undefined) return this.#failure === undefined ? "loading" : "failed"
    const statuses = new Set(this.#lives.map((live) => live.status))
    if (this.#failure !== undefined || statuses.has("failed")) return "failed"
    if (statuses.has("loading")) return "loading"
    return statuses.has("closed") ? "closed" : "ready"
  }

  override get error(): unknown {
    if (this.status !== "failed") return undefined
    return this.#failure?.error ?? this.#lives.find((live) => live.status === "failed")?.error
  }

  override get ready(): Promise<void> {
    void super.ready // Begins to follow.
    if (this.status === "ready") return Promise.resolve()
    if (this.#reading === undefined) {
      this.#reading = this.#read()
      this.#reading.catch(() => {}) // Who waits hears of it.
    }
    return this.#reading
  }

  protected override value(): T {
    this.#look()
    if (this.#result !== undefined) return this.#result.value
    throw this.#failure?.error
  }

  protected override load(): void {
    this.#look()
    this.#told = { status: this.status, result: this.#result?.value }
  }

  protected override attach(): void {
    this.#stops = this.#lives.map((live) => live.subscribe(() => this.#hear()))
  }

  protected override detach(): void {
    for (const stop of this.#stops) stop()
    this.#stops = []
  }

  /**
   * Makes the result anew if something has changed. All who ask come here, and not only who is
   * told of a change: others that derive of the same may be asked before they are told.
   */
  #look(): void {
    let values: readonly unknown[]
    try {
      values = this.#lives.map((live) => live.get())
    } catch (error) {
      // Of a derived one that has no result, and has told why.
      this.#values = undefined
      this.#failure = { error }
      return
    }
    if (this.#values !== undefined && sameItems(values, this.#values)) return
    this.#values = values
    this.#failure = undefined
    try {
      this.#result = { value: retain(this.#result?.value, frozen(this.#make(...values))) }
    } catch (error) {
      this.#failure = { error }
      this.#report(error)
    }
  }

  #hear(): void {
    this.#look()
    const now = { status: this.status, result: this.#result?.value }
    const { status, result } = this.#told ?? {}
    if (now.status === status && Object.is(now.result, result)) return
    this.#told = now
    this.notify()
  }

  async #read(): Promise<void> {
    try {
      await Promise.all(this.#lives.map((live) => live.ready))
      this.#look()
    } finally {
      this.#reading = undefined
    }
    if (this.#failure !== undefined) throw this.#failure.error
  }
}

/** Freezes arrays and plain objects all the way down; anything else is the caller's. */
function frozen<T>(value: T, open: unknown[] = []): T {
  if (typeof value !== "object" || value === null) return value
  if (open.includes(value)) {
    throw new StoreError("invalid_value", "A derived result has a cycle", {
      hint: "Give arrays and plain objects that do not contain themselves",
    })
  }
  if (Object.isFrozen(value)) return value
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return value
  Object.freeze(value)
  open.push(value)
  for (const part of Object.values(value)) frozen(part, open)
  open.pop()
  return value
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.every((item, index) => Object.is(item, b[index]))
}

function reportToConsole(error: unknown): void {
  host.console.error(error)
}
