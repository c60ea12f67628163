import { type Awaitable, run, type Steps, wait } from "./awaitable.ts"
import type { Change } from "./change.ts"
import type {
  FollowReads,
  KindRange,
  KindsMoment,
  Moment,
  Position,
  Range,
  SeekPage,
  Snapshot,
  Sought,
} from "./engine.ts"
import type { Row } from "./entry.ts"
import { isList } from "./kind-range.ts"
import type { Query } from "./query.ts"
import type { ScopedNames } from "./scoped-names.ts"

/** What a scope reads of an engine, by the names inside. */
export class ScopedReads implements FollowReads {
  readonly #engine: FollowReads
  readonly #names: ScopedNames

  constructor(engine: FollowReads, names: ScopedNames) {
    this.#engine = engine
    this.#names = names
  }

  place(): Awaitable<Position> {
    return this.#engine.place()
  }

  row(kind: string, key: string, at?: number): Awaitable<Row | undefined> {
    const names = this.#names
    return names.ask(
      () => this.#engine.row(names.stored(kind), key, at),
      (row) => row && names.fact(row),
    )
  }

  scan(kind: string, range: Range): Awaitable<readonly Row[]> {
    const names = this.#names
    return names.ask(
      () => this.#engine.scan(names.stored(kind), range),
      (rows) => names.facts(rows),
    )
  }

  count(kind: string, moment: Moment): Awaitable<number> {
    return this.#engine.count(this.#names.stored(kind), moment)
  }

  seek(kind: string, query: Query, page: SeekPage): Awaitable<Sought | undefined> {
    const names = this.#names
    return names.ask(
      () => this.#engine.seek(names.stored(kind), query, page),
      (sought) => sought && { ...sought, rows: names.facts(sought.rows) },
    )
  }

  tally(kind: string, query: Query, moment: Moment): Awaitable<number | undefined> {
    return this.#engine.tally(this.#names.stored(kind), query, moment)
  }

  /** All kinds of the scope, whatever range is asked for: scopes inside it are none of them. */
  kinds(moment: KindsMoment): Awaitable<readonly string[]> {
    const names = this.#names
    return names.ask(
      () => this.#engine.kinds({ ...moment, of: names.range }),
      (kinds) => kinds.map((kind) => names.local(kind)),
    )
  }

  snapshot(kinds?: readonly string[] | KindRange): Awaitable<Snapshot> {
    const names = this.#names
    const asked = isList(kinds) ? kinds.map((kind) => names.stored(kind)) : names.range
    return names.ask(
      () => this.#engine.snapshot(asked),
      ({ seq, rows }) => ({ seq, rows: names.facts(rows) }),
    )
  }

  /** Those of the scope; fewer than `limit` if there are no more. */
  since(after: number, limit: number): Awaitable<readonly Row[]> {
    return run(this.#since(after, limit))
  }

  *#since(after: number, limit: number): Steps<readonly Row[]> {
    const found: Row[] = []
    for (let position: number | undefined = after; position !== undefined; ) {
      const rows: readonly Row[] = yield* wait(this.#engine.since(position, limit))
      for (const row of rows) if (this.#names.has(row.kind)) found.push(this.#names.fact(row))
      const isDone = rows.length < limit || found.length >= limit
      position = isDone ? undefined : rows.at(-1)?.seq
    }
    return found.slice(0, limit)
  }

  history(kind: string, key: string, limit: number): Awaitable<readonly Change[]> {
    const names = this.#names
    return names.ask(
      () => this.#engine.history(names.stored(kind), key, limit),
      (changes) => names.facts(changes),
    )
  }
}
