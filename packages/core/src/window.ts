import type { Entry, Row } from "./entry.ts"
import type { EntryOrder } from "./order.ts"
import type { Shown } from "./view.ts"

/** At most so many entries are kept in reserve behind those that are shown. */
const MAX_RESERVE = 8_192

/** Up to so many changed entries are put in place one by one; more are merged in one pass. */
const FEW = 16

/**
 * The front of a sorted result: the entries that a query shows and some more in reserve, so that
 * entries may leave without asking the store again. One changed entry costs a binary search.
 */
export class Window {
  readonly #test: (row: Row) => boolean
  readonly #order: EntryOrder
  readonly #needed: number
  #capacity: number
  readonly #byKey = new Map<string, Entry>()
  #entries: Entry[] = []
  /** Whether the window holds every entry that matches, so that nothing can follow its last one. */
  #whole = true

  /** `test` says whether a row belongs to the result. `needed` entries are shown; `capacity` is at least as large, `Infinity` for all. */
  constructor(test: (row: Row) => boolean, order: EntryOrder, needed: number, capacity: number) {
    this.#test = test
    this.#order = order
    this.#needed = needed
    this.#capacity = capacity
  }

  /** All entries, those in reserve too, in order. */
  get entries(): readonly Entry[] {
    return this.#entries
  }

  /** How many entries it takes. */
  get capacity(): number {
    return this.#capacity
  }

  /** Whether entries that should be shown are missing: fill it again. */
  get short(): boolean {
    return !this.#whole && this.#entries.length < this.#needed
  }

  /**
   * Takes twice as many in reserve. What has run dry will again: so working through a queue reads
   * it a few times, and not once for each few entries that leave.
   */
  widen(): void {
    const reserve = this.#capacity - this.#needed
    this.#capacity = this.#needed + Math.max(reserve, Math.min(2 * reserve, MAX_RESERVE))
  }

  /** Takes the sorted front of the whole result; `whole` says that there is no more. */
  fill(entries: readonly Entry[], whole: boolean): void {
    this.#entries = entries.slice(0, this.#capacity)
    this.#whole = whole && entries.length <= this.#capacity
    this.#byKey.clear()
    for (const entry of this.#entries) this.#byKey.set(entry.key, entry)
  }

  /** Applies what keys show now. Whether an entry was touched. */
  apply(shown: readonly Shown[]): boolean {
    const last = this.#whole ? undefined : this.#entries.at(-1)
    const leaving: Entry[] = []
    const coming = new Map<string, Entry>()
    for (const { key, row } of shown) {
      const held = this.#byKey.get(key)
      if (held !== undefined) leaving.push(held)
      this.#byKey.delete(key)
      coming.delete(key)
      if (row === undefined || !this.#test(row)) continue
      // Past the last entry of a part there may be others first.
      if (last === undefined ? this.#whole : this.#order(row, last) <= 0) coming.set(key, row)
    }
    if (leaving.length === 0 && coming.size === 0) return false
    for (const entry of coming.values()) this.#byKey.set(entry.key, entry)
    if (leaving.length + coming.size <= FEW) this.#place(leaving, coming.values())
    else this.#merge(leaving, [...coming.values()])
    this.#trim()
    return true
  }

  #place(leaving: readonly Entry[], coming: Iterable<Entry>): void {
    for (const entry of leaving) this.#entries.splice(this.#indexOf(entry), 1)
    for (const entry of coming) this.#entries.splice(this.#indexOf(entry), 0, entry)
  }

  #merge(leaving: readonly Entry[], coming: Entry[]): void {
    const gone = new Set(leaving)
    const staying =
      gone.size === 0 ? this.#entries : this.#entries.filter((entry) => !gone.has(entry))
    // Two sorted runs: the engine's merge sort takes them in linear time.
    this.#entries = staying.concat(coming.sort(this.#order)).sort(this.#order)
  }

  /** Where an entry stands or would stand. */
  #indexOf(entry: Entry): number {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#order(this.#entries[middle] as Entry, entry) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  #trim(): void {
    if (this.#entries.length <= this.#capacity) return
    for (const entry of this.#entries.splice(this.#capacity)) this.#byKey.delete(entry.key)
    this.#whole = false
  }
}
