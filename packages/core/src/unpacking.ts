import { type Awaitable, mapped } from "./awaitable.ts"
import type { OpResult, StampedBatch } from "./batch.ts"
import type { Change } from "./change.ts"
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
  SeekPage,
  Snapshot,
  Sought,
} from "./engine.ts"
import type { EntryName, Row } from "./entry.ts"
import type { Packing } from "./packing.ts"
import type { Query } from "./query.ts"
import { Unreadable } from "./unreadable.ts"
import type { Usage } from "./usage.ts"

/**
 * An engine with the values as the application reads them, over one that holds them as they are
 * stored. What is committed is in its stored form already, so that it was refused, or copied, when
 * it was given; what the listener is told is in that form too, and unpacked by who looks at it.
 */
export class UnpackingEngine implements Engine {
  readonly #stored: Engine
  readonly #packing: Packing

  constructor(stored: Engine, packing: Packing) {
    this.#stored = stored
    this.#packing = packing
  }

  get name(): string {
    return this.#stored.name
  }

  get storage(): Engine["storage"] {
    return this.#stored.storage
  }

  get durability(): Engine["durability"] {
    return this.#stored.durability
  }

  get gaps(): Engine["gaps"] {
    return this.#stored.gaps
  }

  open(listener: EngineListener, context: EngineContext): Awaitable<Position> {
    const packing = this.#packing
    return this.#stored.open(listener, {
      ...context,
      equal: packing.equalStored,
      merge(entry, { value }, mine, theirs) {
        const [base, own, other] = [value, mine, theirs].map((one) => packing.unpack(entry, one))
        return context.merge(entry, { value: base }, own, other)
      },
    })
  }

  commit(batches: readonly StampedBatch[]): Awaitable<readonly Outcome[]> {
    return mapped(this.#stored.commit(batches), (outcomes) => {
      const isPlain = outcomes.every(
        (outcome) => !outcome.applied || outcome.result.results.every(tellsNothing),
      )
      if (isPlain) return outcomes
      return outcomes.map((outcome, index) => {
        if (!outcome.applied) return outcome
        const ops = batches[index]?.ops ?? []
        const { seq, results } = outcome.result
        const read = results.map((result, at) => this.#resultOf(ops[at], result))
        return { applied: true, result: { seq, results: read } }
      })
    })
  }

  ingest(part: Ingest): Awaitable<void> {
    return this.#stored.ingest(part)
  }

  place(): Awaitable<Position> {
    return this.#stored.place()
  }

  row(kind: string, key: string, at?: number): Awaitable<Row | undefined> {
    return mapped(this.#stored.row(kind, key, at), (row) =>
      // Nobody reads the value of a tombstone.
      row === undefined || row.deleted ? row : this.#packing.unpacked(row),
    )
  }

  scan(kind: string, range: Range): Awaitable<readonly Row[]> {
    return mapped(this.#stored.scan(kind, range), (rows) => this.#packing.allUnpacked(rows))
  }

  count(kind: string, moment: Moment): Awaitable<number> {
    return this.#stored.count(kind, moment)
  }

  seek(kind: string, query: Query, page: SeekPage): Awaitable<Sought | undefined> {
    return mapped(
      this.#stored.seek(kind, query, page),
      (sought) => sought && { ...sought, rows: this.#packing.allUnpacked(sought.rows) },
    )
  }

  tally(kind: string, query: Query, moment: Moment): Awaitable<number | undefined> {
    return this.#stored.tally(kind, query, moment)
  }

  kinds(moment: KindsMoment): Awaitable<readonly string[]> {
    return this.#stored.kinds(moment)
  }

  snapshot(kinds?: readonly string[] | KindRange): Awaitable<Snapshot> {
    return mapped(this.#stored.snapshot(kinds), (state) => {
      const rows = this.#packing.allUnpacked(state.rows)
      return rows === state.rows ? state : { ...state, rows }
    })
  }

  history(kind: string, key: string, limit: number): Awaitable<readonly Change[]> {
    return mapped(this.#stored.history(kind, key, limit), (changes) =>
      this.#packing.allUnpacked(changes),
    )
  }

  usage(scope: string, now: number): Awaitable<Usage> {
    return this.#stored.usage(scope, now)
  }

  expiring(limit: number): Awaitable<readonly Row[]> {
    return mapped(this.#stored.expiring(limit), (rows) => this.#packing.allUnpacked(rows))
  }

  changes(after: number, limit: number): Awaitable<readonly Change[]> {
    return mapped(this.#stored.changes(after, limit), (changes) =>
      this.#packing.allUnpacked(changes),
    )
  }

  since(after: number, limit: number): Awaitable<readonly Row[]> {
    return mapped(this.#stored.since(after, limit), (rows) => this.#packing.allUnpacked(rows))
  }

  prune(retention: Retention): Awaitable<Pruned> {
    return this.#stored.prune(retention)
  }

  check(): Awaitable<CheckReport> {
    return this.#stored.check()
  }

  backup(path: string): Awaitable<void> {
    return this.#stored.backup(path)
  }

  close(): Awaitable<void> {
    return this.#stored.close()
  }

  /** A result with what was there before as it is read, where it can be read. */
  #resultOf(entry: EntryName | undefined, result: OpResult): OpResult {
    if (entry === undefined || !("existed" in result) || tellsNothing(result)) return result
    const previous = this.#packing.unpack(entry, result.previous)
    if (previous === result.previous) return result
    const isReadable = !(previous instanceof Unreadable)
    return { existed: true, previous: isReadable ? this.#packing.copy(previous) : undefined }
  }
}

/** Whether a result has nothing of what was there before. */
function tellsNothing(result: OpResult): boolean {
  return !("existed" in result && result.existed)
}
