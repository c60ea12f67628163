import type { Live, LiveStatus } from "./live.ts"

/** A live result that its owner sets. Loading until it is set for the first time. */
export class LiveValue<T> implements Live<T> {
  readonly ready: Promise<void>
  readonly #report: (error: unknown) => void
  readonly #listeners = new Set<() => void>()
  #status: LiveStatus = "loading"
  #value: T
  #error: unknown
  #settle: { resolve(): void; reject(error: unknown): void } = { resolve() {}, reject() {} }

  /** `report` hears of what listeners throw. */
  constructor(value: T, report: (error: unknown) => void) {
    this.#value = value
    this.#report = report
    this.ready = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    this.ready.catch(() => {}) // Who waits hears of it.
  }

  get(): T {
    return this.#value
  }

  subscribe(listener: () => void): () => void {
    // A function may be given twice; each subscription has its own end.
    const entry = () => listener()
    this.#listeners.add(entry)
    return () => this.#listeners.delete(entry)
  }

  get status(): LiveStatus {
    return this.#status
  }

  get error(): unknown {
    return this.#status === "failed" ? this.#error : undefined
  }

  /** Tells the listeners, if the value is another one, or the first. */
  set(value: T): void {
    if (this.#status === "closed") return
    const isNews = this.#status !== "ready" || !Object.is(value, this.#value)
    this.#value = value
    this.#status = "ready"
    this.#settle.resolve()
    if (isNews) this.#notify()
  }

  /** It cannot be told any more; the last value stays. */
  fail(error: unknown): void {
    if (this.#status === "closed") return
    this.#status = "failed"
    this.#error = error
    this.#settle.reject(error)
    this.#notify()
  }

  /** It will not change any more; the last value stays. */
  close(): void {
    if (this.#status === "closed") return
    this.#status = "closed"
    this.#settle.resolve()
    this.#notify()
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener()
      } catch (error) {
        this.#report(error)
      }
    }
  }
}
