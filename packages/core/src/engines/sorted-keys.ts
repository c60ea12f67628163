import { compareText } from "../order.ts"

/** The keys of each kind in UTF-8 byte order, sorted anew only when somebody reads after a new key came. */
export class SortedKeys {
  readonly #kinds = new Map<string, readonly string[]>()

  /** Tells that a kind has a new key. */
  add(kind: string): void {
    this.#kinds.delete(kind)
  }

  clear(): void {
    this.#kinds.clear()
  }

  /** The keys of a kind from the first above `after` and not below `prefix`. */
  *from(
    kind: string,
    rows: ReadonlyMap<string, unknown>,
    after: string | undefined,
    prefix: string,
  ): IterableIterator<string> {
    const keys = this.#kinds.get(kind) ?? [...rows.keys()].sort(compareText)
    this.#kinds.set(kind, keys)
    const start = Math.max(
      after === undefined ? 0 : firstIndex(keys, (key) => compareText(key, after) > 0),
      firstIndex(keys, (key) => compareText(key, prefix) >= 0),
    )
    for (let index = start; index < keys.length; index++) yield keys[index] as string
  }
}

function firstIndex(keys: readonly string[], isAtOrAfter: (key: string) => boolean): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isAtOrAfter(keys[middle] as string)) high = middle
    else low = middle + 1
  }
  return low
}
