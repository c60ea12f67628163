import type { Row } from "./entry.ts"
import { KeyedMap } from "./keyed-map.ts"

/** How many rows a generation holds. */
const GENERATION = 8192

/**
 * The rows that were read lately. Two generations instead of a list by age: when the young one
 * is full it becomes the old one, and what the old one had is forgotten.
 */
export class RowCache {
  #young = new KeyedMap<Row>()
  #old = new KeyedMap<Row>()

  get(kind: string, key: string): Row | undefined {
    const row = this.#young.get(kind, key)
    if (row !== undefined) return row
    const old = this.#old.get(kind, key)
    if (old !== undefined) this.keep(old)
    return old
  }

  has(kind: string, key: string): boolean {
    return this.#young.get(kind, key) !== undefined || this.#old.get(kind, key) !== undefined
  }

  /** Remembers a row, unless a newer one is here. */
  keep(row: Row): void {
    const held = this.#young.get(row.kind, row.key)
    if (held !== undefined && held.seq > row.seq) return
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young
      this.#young = new KeyedMap()
    }
    this.#young.set(row.kind, row.key, row)
  }

  /** Replaces a row that is remembered; others stay unread. */
  refresh(row: Row): void {
    if (this.#young.get(row.kind, row.key) !== undefined) this.#young.set(row.kind, row.key, row)
    else if (this.#old.get(row.kind, row.key) !== undefined) this.keep(row)
  }

  /** Forgets everything: the sequence was replaced. */
  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }
}
