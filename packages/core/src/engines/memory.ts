import type { StampedBatch } from "../batch.ts"
import { type Change, firstAfter, rowAfter } from "../change.ts"
import { decide } from "../decide.ts"
import type {
  Engine,
  EngineListener,
  Ingest,
  Outcome,
  Position,
  Range,
  Snapshot,
} from "../engine.ts"
import type { Row } from "../entry.ts"
import { newEpoch } from "../epoch.ts"
import { KeyedMap } from "../keyed-map.ts"
import { compareText } from "../order.ts"
import { tooOld } from "../position.ts"
import { SortedKeys } from "./sorted-keys.ts"

/** So many changes are kept; older positions answer `position_too_old`. */
const KEPT_CHANGES = 100_000

/**
 * The reference engine: plain maps and an array. The others are tested against it. It also is
 * the base of replicas.
 */
export class MemoryEngine implements Engine {
  readonly name = "memory"
  readonly storage = "memory"
  readonly durability = "none"
  readonly gaps: Readonly<Record<string, string>> = { persistence: "memory ends with its process" }
  readonly #rows = new KeyedMap<Row>()
  readonly #sorted = new SortedKeys()
  #listener: EngineListener | undefined
  #log: Change[] = []
  /** The position before the first change of the log. */
  #horizon = 0
  #head = 0
  #epoch = newEpoch()

  open(listener: EngineListener): Position {
    this.#listener = listener
    return { epoch: this.#epoch, head: this.#head }
  }

  commit(batches: readonly StampedBatch[]): readonly Outcome[] {
    const changes: Change[] = []
    const outcomes = batches.map((batch): Outcome => {
      const decision = decide(batch, {
        head: this.#head,
        row: (kind, key) => this.#rows.get(kind, key),
        changedSince: (kind, seq) => this.#changedSince(kind, seq),
      })
      if (!decision.applies) return { applied: false, error: decision.error }
      for (const change of decision.changes) {
        this.#apply(change)
        changes.push(change)
      }
      return { applied: true, result: decision.result }
    })
    this.#listener?.advance({ to: this.#head, changes, settled: batches.map((batch) => batch.id) })
    return outcomes
  }

  ingest({ epoch, to, changes, reset }: Ingest): void {
    if (reset !== undefined) {
      this.#rows.clear()
      this.#sorted.clear()
      this.#log = []
      this.#horizon = to
      for (const row of reset.rows) this.#put(row)
    }
    for (const change of changes) this.#apply(change)
    this.#epoch = epoch
    this.#head = to
  }

  row(kind: string, key: string): Row | undefined {
    return this.#rows.get(kind, key)
  }

  scan(kind: string, { prefix = "", after, limit }: Range): readonly Row[] {
    const rows = this.#rows.ofKind(kind)
    const found: Row[] = []
    for (const key of this.#sorted.from(kind, rows, after, prefix)) {
      if (found.length >= limit || !key.startsWith(prefix)) break
      const row = rows.get(key)
      if (row !== undefined && !row.deleted) found.push(row)
    }
    return found
  }

  count(kind: string): number {
    let count = 0
    for (const row of this.#rows.ofKind(kind).values()) if (!row.deleted) count++
    return count
  }

  kinds(): readonly string[] {
    return [...this.#rows.kinds()].filter((kind) => this.count(kind) > 0).sort(compareText)
  }

  snapshot(kinds: readonly string[] = this.kinds()): Snapshot {
    const all = Number.POSITIVE_INFINITY
    return { seq: this.#head, rows: kinds.flatMap((kind) => this.scan(kind, { limit: all })) }
  }

  changes(after: number, limit: number): readonly Change[] {
    if (after < this.#horizon) throw tooOld(after, this.#horizon)
    const start = firstAfter(this.#log, after)
    return this.#log.slice(start, start + limit)
  }

  history(kind: string, key: string, limit: number): readonly Change[] {
    return this.#log
      .filter((change) => change.kind === kind && change.key === key)
      .slice(-limit)
      .reverse()
  }

  close(): void {}

  #apply(change: Change): void {
    this.#put(rowAfter(change))
    this.#log.push(change)
    this.#head = change.seq
    // Cut in large steps: cutting by one would move the whole array each time.
    if (this.#log.length < 2 * KEPT_CHANGES) return
    this.#log = this.#log.slice(-KEPT_CHANGES)
    this.#horizon = (this.#log[0] as Change).seq - 1
  }

  #put(row: Row): void {
    if (this.#rows.get(row.kind, row.key) === undefined) this.#sorted.add(row.kind)
    this.#rows.set(row.kind, row.key, row)
  }

  #changedSince(kind: string, seq: number): boolean {
    if (seq < this.#horizon) return true
    for (let index = this.#log.length - 1; index >= 0; index--) {
      const change = this.#log[index] as Change
      if (change.seq <= seq) return false
      if (change.kind === kind) return true
    }
    return false
  }
}
