import type { Row } from "./entry.ts"
import { KeyedMap } from "./keyed-map.ts"
import { weightOf } from "./weight.ts"

/** How many rows a generation holds. */
const ROWS = 8192

/** What the rows of a generation weigh together, in bytes; a heavier row makes one of its own. */
const BYTES = 8 * 1024 * 1024

/** What a row takes besides its key and its value, about, in bytes. */
const FRAME = 200

/** A row with its weight. */
interface Held {
  readonly row: Row
  readonly weight: number
}

/**
 * The rows that were read lately, as far as they are few and light. Two generations instead of a
 * list by age: when the young one is full it becomes the old one, and what the old one had is
 * forgotten. The newest row is always remembered, however heavy: who peeks at it finds it.
 */
export class RowCache {
  #young = new KeyedMap<Held>()
  #old = new KeyedMap<Held>()
  /** What the young generation weighs. */
  #weight = 0

  get(kind: string, key: string): Row | undefined {
    const held = this.#young.get(kind, key)
    if (held !== undefined) return held.row
    const old = this.#old.get(kind, key)
    if (old !== undefined) this.#put(old, undefined)
    return old?.row
  }

  has(kind: string, key: string): boolean {
    return this.#young.get(kind, key) !== undefined || this.#old.get(kind, key) !== undefined
  }

  /** Remembers a row, unless a newer one is here. */
  keep(row: Row): void {
    const young = this.#young.get(row.kind, row.key)
    const held = young ?? this.#old.get(row.kind, row.key)
    if (held === undefined || held.row.seq <= row.seq) this.#put(heldAs(row, held), young)
  }

  /** Replaces a row that is remembered; others stay unread. */
  refresh(row: Row): void {
    const young = this.#young.get(row.kind, row.key)
    const held = young ?? this.#old.get(row.kind, row.key)
    if (held !== undefined) this.#put(heldAs(row, held), young)
  }

  /** Forgets everything: the sequence was replaced. */
  clear(): void {
    this.#young.clear()
    this.#old.clear()
    this.#weight = 0
  }

  /** Puts a row among the young ones, in place of the one that is there. */
  #put(held: Held, replaced: Held | undefined): void {
    const { kind, key } = held.row
    const others = this.#young.size - (replaced === undefined ? 0 : 1)
    const weight = this.#weight - (replaced?.weight ?? 0)
    if (others >= ROWS || (others > 0 && weight + held.weight > BYTES)) {
      this.#young.delete(kind, key)
      this.#old = this.#young
      this.#young = new KeyedMap()
      this.#weight = held.weight
    } else {
      this.#weight = weight + held.weight
    }
    this.#young.set(kind, key, held)
  }
}

function heldAs(row: Row, before: Held | undefined): Held {
  const isKnown = before !== undefined && before.row.value === row.value
  return { row, weight: isKnown ? before.weight : FRAME + weightOf(row.key) + weightOf(row.value) }
}
