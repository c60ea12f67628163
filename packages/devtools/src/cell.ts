import type { Live } from "@tidemark/core"

/** What the panel can follow: a live result, or anything of its shape. */
export type Readable<T> = Pick<Live<T>, "get" | "subscribe">

/** One value, and those who want to hear when another takes its place. */
export class Cell<T> implements Readable<T> {
  readonly #listeners = new Set<() => void>()
  #value: T

  constructor(value: T) {
    this.#value = value
  }

  get(): T {
    return this.#value
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const listener of [...this.#listeners]) listener()
  }

  subscribe(listener: () => void): () => void {
    const entry = () => listener()
    this.#listeners.add(entry)
    return () => {
      this.#listeners.delete(entry)
    }
  }
}
