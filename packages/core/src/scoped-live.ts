import type { Ending } from "./ending.ts"
import type { Live, LiveStatus } from "./live.ts"

/** What a live result of a scope is made of. */
export interface ScopedLiveContext {
  readonly ending: Ending
  /** An error by the names inside the scope. */
  error(error: unknown): unknown
  report(error: unknown): void
}

/** A live result of the store as a scope sees it; it ends when the scope is closed. */
export class ScopedLive<T> implements Live<T> {
  readonly #source: Live<T>
  readonly #tell: (value: T) => T
  readonly #context: ScopedLiveContext
  #last: { readonly value: T } | undefined
  #ready: { readonly source: Promise<void>; readonly told: Promise<void> } | undefined

  /** `tell` gives the same result for the same value. */
  constructor(source: Live<T>, tell: (value: T) => T, context: ScopedLiveContext) {
    this.#source = source
    this.#tell = tell
    this.#context = context
  }

  get(): T {
    if (this.#last === undefined || !this.#hasEnded) this.#last = this.#read()
    return this.#last.value
  }

  subscribe(listener: () => void): () => void {
    if (this.#hasEnded) return () => {}
    const stop = this.#source.subscribe(listener)
    const forget = this.#context.ending.onEnd(() => {
      this.#last = this.#read()
      stop()
      try {
        listener()
      } catch (error) {
        this.#context.report(error)
      }
    })
    return () => {
      forget()
      stop()
    }
  }

  get ready(): Promise<void> {
    const source = this.#source.ready
    if (this.#ready?.source !== source) {
      const told = source.catch((error) => {
        throw this.#context.error(error)
      })
      told.catch(() => {}) // The store has reported it.
      this.#ready = { source, told }
    }
    return this.#ready.told
  }

  get status(): LiveStatus {
    return this.#hasEnded ? "closed" : this.#source.status
  }

  get error(): unknown {
    const { error } = this.#source
    return this.#hasEnded || error === undefined ? undefined : this.#context.error(error)
  }

  get #hasEnded(): boolean {
    return this.#context.ending.position !== undefined
  }

  #read(): { readonly value: T } {
    return { value: this.#tell(this.#source.get()) }
  }
}
