import type { Entry, Row } from "./entry.ts"
import type { EntryOrder } from "./order.ts"
import { retain } from "./retain.ts"
import type { Shown } from "./view.ts"

/** At most so many entries are kept in reserve behind those that are shown. */
const MAX_RESERVE = 8_192

/** Up to so many changed entries are put in place one by one; more are merged in one pass. */
const FEW = 16

/**
 * The front of a sorted result: the entries that a query shows and some more in reserve, so that
 * entries may leave without asking the store again. One changed entry costs a binary search. What
 * it keeps in common with the entry before keeps its identity.
 */
export class Window {
  readonly #test: (row: Row) => boolean
  readonly #order: EntryOrder
  readonly #needed: number
  #capacity: number
  readonly #byKey = new Map<string, Entry>()
  #entries: Entry[] = []
  /** What the latest changes have put out: it may be back with them. */
  #left = new Map<string, Entry>()
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
    this.#entries = entries
      .slice(0, this.#capacity)
      .map((entry) => retain(this.#byKey.get(entry.key) ?? this.#left.get(entry.key), entry))
    this.#whole = whole && entries.length <= this.#capacity
    this.#left.clear()
    this.#byKey.clear()
    for (const entry of this.#entries) this.#byKey.set(entry.key, entry)
  }

  /** Applies what keys show now. Whether an entry was touched. */
  apply(shown: readonly Shown[]): boolean {
    const last = this.#whole ? undefined : this.#entries.at(-1)
    const leaving = new Map<string, Entry>()
    this.#left = leaving
    const coming = new Map<string, Entry>()
    // Past the last entry of a part there may be others first.
    const isNear = (row: Row) => (last === undefined ? this.#whole : this.#order(row, last) <= 0)
    for (const { key, row } of shown) {
      const held = this.#byKey.get(key)
      const isIn = row !== undefined && this.#test(row) && isNear(row)
      // What was shown before all of these changes, for the next of one key too.
      const next = isIn ? retain(leaving.get(key) ?? held, row) : undefined
      if (next !== undefined && next === held) continue
      if (held !== undefined) leaving.set(key, held)
      this.#byKey.delete(key)
      coming.delete(key)
      if (next !== undefined) coming.set(key, next)
    }
    if (leaving.size === 0 && coming.size === 0) return false
    for (const entry of coming.values()) this.#byKey.set(entry.key, entry)
    if (leaving.size + coming.size <= FEW) this.#place(leaving.values(), coming.values())
    else this.#merge(new Set(leaving.values()), [...coming.values()])
    this.#trim()
    return true
  }

  #place(leaving: Iterable<Entry>, coming: Iterable<Entry>): void {
    for (const entry of leaving) this.#entries.splice(this.#indexOf(entry), 1)
    for (const entry of coming) this.#entries.splice(this.#indexOf(entry), 0, entry)
  }

  #merge(leaving: ReadonlySet<Entry>, coming: Entry[]): void {
    const staying =
      leaving.size === 0 ? this.#entries : this.#entries.filter((entry) => !leaving.has(entry))
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
    for (const entry of this.#entries.splice(this.#capacity)) {
      this.#byKey.delete(entry.key)
      this.#left.set(entry.key, entry)
    }
    this.#whole = false
  }
}
