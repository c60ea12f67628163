import type { Range } from "../engine.ts"
import { afterPrefix, compareText } from "../order.ts"

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

  /** The keys of a kind that lie in a range, in its order. */
  *within(
    kind: string,
    rows: ReadonlyMap<string, unknown>,
    { prefix = "", after, reverse = false }: Omit<Range, "limit" | "at">,
  ): IterableIterator<string> {
    const keys = this.#kinds.get(kind) ?? [...rows.keys()].sort(compareText)
    this.#kinds.set(kind, keys)
    const above = (text: string) => firstIndex(keys, (key) => compareText(key, text) > 0)
    const from = (text: string) => firstIndex(keys, (key) => compareText(key, text) >= 0)
    const beyond = afterPrefix(prefix)
    const first = Math.max(from(prefix), after === undefined || reverse ? 0 : above(after))
    const end = Math.min(
      beyond === undefined ? keys.length : from(beyond),
      after === undefined || !reverse ? keys.length : from(after),
    )
    if (reverse) for (let index = end - 1; index >= first; index--) yield keys[index] as string
    else for (let index = first; index < end; index++) yield keys[index] as string
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
