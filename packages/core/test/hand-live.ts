import type { Live, LiveStatus } from "@tidemark/core"

/** A live result by hand, as another library could have it. */
export class HandLive<T> implements Live<T> {
  status: LiveStatus = "ready"
  error: unknown
  ready: Promise<void> = Promise.resolve()
  /** How often it was asked. */
  gets = 0
  readonly #listeners = new Set<() => void>()
  #value: T

  constructor(value: T) {
    this.#value = value
  }

  get(): T {
    this.gets++
    return this.#value
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get followers(): number {
    return this.#listeners.size
  }

  /** Takes another value, and tells nobody yet. */
  put(value: T): void {
    this.#value = value
  }

  tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }

  set(value: T): void {
    this.put(value)
    this.tell()
  }

  become(status: LiveStatus): void {
    this.status = status
    this.tell()
  }
}
