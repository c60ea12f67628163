import type { Awaitable } from "../../awaitable.ts"
import type { Change } from "../../change.ts"
import type {
  CheckReport,
  KindRange,
  KindsMoment,
  Moment,
  Position,
  Range,
  SeekPage,
  Snapshot,
  Sought,
} from "../../engine.ts"
import type { Row } from "../../entry.ts"
import { isList } from "../../kind-range.ts"
import type { Query } from "../../query.ts"
import type { Usage } from "../../usage.ts"
import { checkTables } from "./check.ts"
import type { Database } from "./database.ts"
import { onDatabase } from "./faults.ts"
import { followOthers } from "./follow.ts"
import type { Foreign } from "./foreign.ts"
import type { Health } from "./health.ts"
import { checkIndexes } from "./index-check.ts"
import type { Patience } from "./patience.ts"
import type { Telling } from "./telling.ts"
import { inTransaction } from "./transaction.ts"
import { checkUsage } from "./usage-check.ts"

/** What there is while the engine is open. */
export interface Parts extends Database {
  /** For writes, which keep their order. */
  readonly writing: Patience
  /** For reads, which do not wait for each other. */
  readonly reading: Patience
  readonly health: Health
  readonly telling: Telling
  /** Follows other processes, where there can be any. */
  readonly foreign: Foreign | undefined
}

/** The reading half of the engine on SQLite. */
export abstract class SqliteReading {
  place(): Awaitable<Position> {
    return this.#read("reading the position", ({ reads }) => reads.place())
  }

  row(kind: string, key: string, at?: number): Awaitable<Row | undefined> {
    return this.#read("reading an entry", ({ reads }) => reads.row(kind, key, at))
  }

  scan(kind: string, range: Range): Awaitable<readonly Row[]> {
    return this.#read("reading entries", ({ reads }) => reads.scan(kind, range))
  }

  count(kind: string, moment: Moment): Awaitable<number> {
    return this.#read("counting", ({ reads }) => reads.count(kind, moment))
  }

  seek(kind: string, query: Query, page: SeekPage): Awaitable<Sought | undefined> {
    return this.#read("reading by an index", ({ seeking }) => seeking.seek(kind, query, page))
  }

  tally(kind: string, query: Query, moment: Moment): Awaitable<number | undefined> {
    return this.#read("counting by an index", ({ seeking }) => seeking.tally(kind, query, moment))
  }

  kinds(moment: KindsMoment): Awaitable<readonly string[]> {
    return this.#read("reading the kinds", ({ reads }) => reads.kinds(moment))
  }

  snapshot(kinds?: readonly string[] | KindRange): Awaitable<Snapshot> {
    return this.#read("taking a snapshot", ({ connection, reads, telling }) => {
      // What other processes have committed can be read already: a snapshot is not older than that.
      while (followOthers(reads, telling));
      return inTransaction(connection, "deferred", () => {
        const seq = telling.place.head
        // Committed in this very moment.
        const at = reads.place().head > seq ? { at: seq } : {}
        const range = { limit: Number.POSITIVE_INFINITY, ...at }
        const asked = isList(kinds) ? kinds : reads.kindsOf(kinds)
        const rows = asked.flatMap((kind) => reads.scan(kind, range))
        return { seq, rows }
      })
    })
  }

  usage(scope: string, now: number): Awaitable<Usage> {
    return this.#read("counting what a scope takes", ({ connection, usage }) =>
      inTransaction(connection, "deferred", () => usage.of(scope, now)),
    )
  }

  expiring(limit: number): Awaitable<readonly Row[]> {
    return this.#read("reading what will end", ({ reads }) => reads.expiring(limit))
  }

  changes(after: number, limit: number): Awaitable<readonly Change[]> {
    return this.#read("reading changes", ({ reads }) => reads.changes(after, limit))
  }

  since(after: number, limit: number): Awaitable<readonly Row[]> {
    return this.#read("reading what changed", ({ reads }) => reads.since(after, limit))
  }

  history(kind: string, key: string, limit: number): Awaitable<readonly Change[]> {
    return this.#read("reading a history", ({ reads }) => reads.history(kind, key, limit))
  }

  check(): Awaitable<CheckReport> {
    return this.#read("checking", (parts) =>
      checkTables(parts.connection, () => [
        ...checkIndexes(parts),
        ...checkUsage(parts.connection),
      ]),
    )
  }

  protected abstract get parts(): Parts

  #read<T>(doing: string, read: (parts: Parts) => T): Awaitable<T> {
    return this.parts.reading.attempt(() => onDatabase(doing, () => read(this.parts)))
  }
}
