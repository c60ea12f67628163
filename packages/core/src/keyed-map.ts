/** A map from kind and key: two levels, because joined names would need escaping. */
export class KeyedMap<T> {
  readonly #kinds = new Map<string, Map<string, T>>()
  #size = 0

  /** How many keys, over all kinds. */
  get size(): number {
    return this.#size
  }

  get(kind: string, key: string): T | undefined {
    // Many are empty nearly always, and asked for each key that changes.
    return this.#size === 0 ? undefined : this.#kinds.get(kind)?.get(key)
  }

  set(kind: string, key: string, value: T): void {
    let keys = this.#kinds.get(kind)
    if (keys === undefined) {
      keys = new Map()
      this.#kinds.set(kind, keys)
    }
    const before = keys.size
    keys.set(key, value)
    this.#size += keys.size - before
  }

  delete(kind: string, key: string): void {
    const keys = this.#kinds.get(kind)
    if (!keys?.delete(key)) return
    this.#size--
    if (keys.size === 0) this.#kinds.delete(kind)
  }

  clear(): void {
    this.#kinds.clear()
    this.#size = 0
  }

  /** The keys and values of one kind. */
  ofKind(kind: string): ReadonlyMap<string, T> {
    return this.#kinds.get(kind) ?? NONE
  }

  kinds(): IterableIterator<string> {
    return this.#kinds.keys()
  }

  *values(): IterableIterator<T> {
    for (const keys of this.#kinds.values()) yield* keys.values()
  }
}

const NONE: ReadonlyMap<string, never> = new Map<string, never>()
