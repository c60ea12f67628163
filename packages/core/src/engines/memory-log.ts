import { type Change, firstAfter, rowAfter } from "../change.ts"
import type { Retention } from "../engine.ts"
import type { Row } from "../entry.ts"
import { KeyedMap } from "../keyed-map.ts"
import { tooOld } from "../position.ts"
import { versionsKept } from "../retention.ts"

/** The changes that the memory engine keeps, ordered by seq. */
export class MemoryLog {
  #changes: Change[] = []
  #horizon = 0

  /** The position after which no change is missing. */
  get horizon(): number {
    return this.#horizon
  }

  append(change: Change): void {
    this.#changes.push(change)
  }

  /** Begins anew at a position. */
  restart(position: number): void {
    this.#changes = []
    this.#horizon = position
  }

  /** @throws StoreError `position_too_old` */
  after(position: number, limit: number): readonly Change[] {
    this.checkReach(position)
    const start = firstAfter(this.#changes, position)
    return this.#changes.slice(start, start + limit)
  }

  /** The changes of one entry, newest first. */
  of(kind: string, key: string, limit: number): readonly Change[] {
    const found: Change[] = []
    for (let index = this.#changes.length - 1; index >= 0 && found.length < limit; index--) {
      const change = this.#changes[index] as Change
      if (change.kind === kind && change.key === key) found.push(change)
    }
    return found
  }

  /** Whether one of the kept changes of a kind came after a seq; the newest of each entry is kept. */
  changedSince(kind: string, seq: number): boolean {
    for (let index = this.#changes.length - 1; index >= 0; index--) {
      const change = this.#changes[index] as Change
      if (change.seq <= seq) return false
      if (change.kind === kind) return true
    }
    return false
  }

  /**
   * The rows that were there at a position, tombstones too; `now` gives those of today, for
   * entries that have not changed since the log began.
   * @throws StoreError `position_too_old`
   */
  rowsAt(position: number, now: Iterable<Row>): KeyedMap<Row> {
    this.checkReach(position)
    const rows = new KeyedMap<Row>()
    for (const row of now) if (row.seq <= position) rows.set(row.kind, row.key, row)
    for (const change of this.#changes) {
      if (change.seq > position) break
      rows.set(change.kind, change.key, rowAfter(change))
    }
    return rows
  }

  /** Lets go of superseded changes and of what is told of the forgotten. How many went. */
  prune(retention: Retention, isForgotten: (change: Change) => boolean): number {
    const reached = firstAfter(this.#changes, retention.after)
    const kept: Change[] = []
    /** How many changes of an entry are kept that came later, and the seq of the nearest one. */
    const later = new KeyedMap<{ readonly kept: number; readonly seq: number }>()
    for (let index = reached - 1; index >= 0; index--) {
      const change = this.#changes[index] as Change
      const { kind, key, seq } = change
      const next = later.get(kind, key)
      const versions = versionsKept(retention, kind)
      const isGone = isForgotten(change) || (next !== undefined && next.kept > versions)
      if (isGone) this.#horizon = Math.max(this.#horizon, next?.seq ?? seq)
      else kept.push(change)
      later.set(kind, key, { kept: (next?.kept ?? 0) + 1, seq })
    }
    if (kept.length === reached) return 0
    this.#changes = [...kept.reverse(), ...this.#changes.slice(reached)]
    return reached - kept.length
  }

  /** @throws StoreError `position_too_old` when changes after a position are missing. */
  checkReach(position: number): void {
    if (position < this.#horizon) throw tooOld(position, this.#horizon)
  }
}
