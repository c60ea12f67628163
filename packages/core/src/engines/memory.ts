import type { BatchResult, StampedBatch } from "../batch.ts"
import { type Change, rowAfter } from "../change.ts"
import { plainContext } from "../context.ts"
import { decide, type State } from "../decide.ts"
import type {
  CheckReport,
  Engine,
  EngineContext,
  EngineListener,
  Ingest,
  KindRange,
  KindsMoment,
  Moment,
  Outcome,
  Position,
  Pruned,
  Range,
  Retention,
  Snapshot,
} from "../engine.ts"
import { isExpired, isPresent, type Row } from "../entry.ts"
import { newEpoch } from "../epoch.ts"
import { StoreError } from "../errors.ts"
import { KeyedMap } from "../keyed-map.ts"
import { isList, kindTest } from "../kind-range.ts"
import { compareText } from "../order.ts"
import { tooOld } from "../position.ts"
import { RefusedBatches } from "../refused.ts"
import { isScoped } from "../scope-name.ts"
import type { Usage } from "../usage.ts"
import { MemoryLog } from "./memory-log.ts"
import { MemoryUsage } from "./memory-usage.ts"
import { SortedKeys } from "./sorted-keys.ts"

/**
 * The reference engine: plain maps and an array. The others are tested against it. It also is
 * the base of replicas. Over 200 lines, because it is the whole port in its plainest form.
 */
export class MemoryEngine implements Engine {
  readonly name = "memory"
  readonly storage = "memory"
  readonly durability = "none"
  readonly gaps: Readonly<Record<string, string>> = { persistence: "memory ends with its process" }
  readonly #rows = new KeyedMap<Row>()
  readonly #sorted = new SortedKeys()
  readonly #log = new MemoryLog()
  readonly #usage = new MemoryUsage()
  readonly #ending = new KeyedMap<Row>()
  readonly #refused = new RefusedBatches()
  readonly #receipts = new Map<string, { readonly at: number; readonly result: BatchResult }>()
  #listener: EngineListener | undefined
  #context: Pick<EngineContext, "equal" | "merge"> = plainContext
  /** The position from which every tombstone is kept. */
  #forgotten = 0
  #head = 0
  #epoch = newEpoch()

  open(listener: EngineListener, context: EngineContext): Position {
    this.#listener = listener
    this.#context = context
    return this.place()
  }

  commit(batches: readonly StampedBatch[]): readonly Outcome[] {
    const changes: Change[] = []
    const outcomes = batches.map((batch): Outcome => {
      const decision = decide(batch, this.#state)
      if (!decision.applies) {
        this.#refused.add(batch.id)
        return { applied: false, error: decision.error }
      }
      for (const [index, change] of decision.changes.entries()) {
        if (isScoped(change.kind)) this.#usage.add(change, decision.met[index])
        this.#apply(change)
        changes.push(change)
      }
      const { idempotencyKey, at } = batch
      const { result } = decision
      if (idempotencyKey !== undefined && !this.#receipts.has(idempotencyKey)) {
        this.#receipts.set(idempotencyKey, { at, result })
      }
      return { applied: true, result }
    })
    this.#listener?.advance({ to: this.#head, changes, settled: batches.map((batch) => batch.id) })
    return outcomes
  }

  ingest({ epoch, to, changes, reset }: Ingest): void {
    if (reset !== undefined) {
      for (const map of [this.#rows, this.#ending, this.#sorted, this.#receipts]) map.clear()
      this.#log.restart(to)
      this.#forgotten = to
      for (const row of reset.rows) this.#put(row)
    }
    for (const change of changes) this.#apply(change)
    if (reset !== undefined || changes.some(({ kind }) => isScoped(kind))) {
      this.#usage.count(this.#rows.values())
    }
    this.#epoch = epoch
    this.#head = to
  }

  place(): Position {
    return { epoch: this.#epoch, head: this.#head }
  }

  row(kind: string, key: string, at?: number): Row | undefined {
    return at === undefined ? this.#rows.get(kind, key) : this.#rowsAt(at).get(kind, key)
  }

  scan(kind: string, { limit, at, ...range }: Range): readonly Row[] {
    const isPresent = at === undefined || at >= this.#head
    const rows = (isPresent ? this.#rows : this.#rowsAt(at)).ofKind(kind)
    const keys = isPresent ? this.#sorted : new SortedKeys()
    const found: Row[] = []
    for (const key of keys.within(kind, rows, range)) {
      if (found.length >= limit) break
      const row = rows.get(key)
      if (row !== undefined && !row.deleted) found.push(row)
    }
    return found
  }

  count(kind: string, { now, at }: Moment): number {
    let count = 0
    const rows = at === undefined ? this.#rows : this.#rowsAt(at)
    for (const row of rows.ofKind(kind).values()) if (isPresent(row, now)) count++
    return count
  }

  /** Keeps no indexes: its `scan` reads memory. */
  seek(): undefined {}

  tally(): undefined {}

  kinds(moment: KindsMoment): readonly string[] {
    const rows = moment.at === undefined ? this.#rows : this.#rowsAt(moment.at)
    return kindsOf(rows, moment.of).filter((kind) => this.count(kind, moment) > 0)
  }

  snapshot(kinds?: readonly string[] | KindRange): Snapshot {
    const asked = isList(kinds) ? kinds : kindsOf(this.#rows, kinds)
    const all = Number.POSITIVE_INFINITY
    return { seq: this.#head, rows: asked.flatMap((kind) => this.scan(kind, { limit: all })) }
  }

  usage(scope: string, now: number): Usage {
    const expired = [...this.#ending.values()].filter((row) => isExpired(row, now))
    return this.#usage.of(scope, expired)
  }

  expiring(limit: number): readonly Row[] {
    const end = ({ expiresAt = 0 }: Row) => expiresAt
    return [...this.#ending.values()].sort((a, b) => end(a) - end(b)).slice(0, limit)
  }

  changes(after: number, limit: number): readonly Change[] {
    return this.#log.after(after, limit)
  }

  since(after: number, limit: number): readonly Row[] {
    if (after < this.#forgotten) throw tooOld(after, this.#forgotten)
    return [...this.#rows.values()]
      .filter((row) => row.seq > after)
      .sort((a, b) => a.seq - b.seq)
      .slice(0, limit)
  }

  history(kind: string, key: string, limit: number): readonly Change[] {
    return this.#log.of(kind, key, limit)
  }

  prune(retention: Retention): Pruned {
    for (const [key, { at }] of this.#receipts) {
      if (at < retention.receiptsFrom) this.#receipts.delete(key)
    }
    const tombstones = [...this.#rows.values()].filter(
      (row) => row.deleted && row.seq <= retention.tombstonesAfter,
    )
    for (const { kind, key, seq } of tombstones) {
      this.#rows.delete(kind, key)
      this.#forgotten = Math.max(this.#forgotten, seq)
    }
    if (tombstones.length > 0) this.#sorted.clear()
    const isForgotten = ({ kind, key }: Change) => this.#rows.get(kind, key) === undefined
    return { removed: this.#log.prune(retention, isForgotten), more: false }
  }

  check(): CheckReport {
    return { ok: true, problems: [] }
  }

  backup(): never {
    throw new StoreError("unsupported", "A store in memory has no file to copy", {
      hint: "Use dump()",
    })
  }

  close(): void {}

  get #state(): State {
    return {
      head: this.#head,
      row: (kind, key) => this.#rows.get(kind, key),
      changedSince: (kind, seq) => seq < this.#forgotten || this.#log.changedSince(kind, seq),
      equal: this.#context.equal,
      merge: this.#context.merge,
      usage: (scope, now) => this.usage(scope, now),
      refuses: (batch) => this.#refused.refuses(batch),
      receipt: (idempotencyKey) => this.#receipts.get(idempotencyKey)?.result,
    }
  }

  #rowsAt(position: number): KeyedMap<Row> {
    return this.#log.rowsAt(position, this.#rows.values())
  }

  #apply(change: Change): void {
    this.#put(rowAfter(change))
    this.#log.append(change)
    this.#head = change.seq
  }

  #put(row: Row): void {
    const { kind, key } = row
    if (this.#rows.get(kind, key) === undefined) this.#sorted.add(kind)
    this.#rows.set(kind, key, row)
    if (row.expiresAt === undefined) this.#ending.delete(kind, key)
    else this.#ending.set(kind, key, row)
  }
}

function kindsOf(rows: KeyedMap<Row>, range: KindRange | undefined): readonly string[] {
  return [...rows.kinds()].filter(kindTest(range)).sort(compareText)
}
