import { type Awaitable, run, type Steps, wait } from "./awaitable.ts"
import type { EngineReads } from "./engine.ts"
import { type Entry, isPresent, type Row } from "./entry.ts"
import { entryTest } from "./match.ts"
import { entryOrder } from "./order.ts"
import type { Query } from "./query.ts"

/** How many rows are asked of the engine at once. */
const PAGE = 1_000

/** The sorted front of what a query finds, and whether that is all of it. */
export interface Collected {
  readonly entries: readonly Entry[]
  readonly whole: boolean
}

/** What a query is collected from. */
export interface Source {
  readonly engine: EngineReads
  /** By when entries have ended. */
  now(): number
  /** Rows that lie over the engine's: pending writes, or those of an open transaction. */
  overlay(): ReadonlyMap<string, Row>
}

/**
 * Reads the first `capacity` entries of a query, in its order, with an overlay on top. Keeps at
 * most twice as many in memory while it reads.
 */
export function collect(
  source: Source,
  kind: string,
  query: Query,
  capacity: number,
): Awaitable<Collected> {
  return run(collecting(source, kind, query, capacity))
}

function* collecting(
  source: Source,
  kind: string,
  query: Query,
  capacity: number,
): Steps<Collected> {
  const now = source.now()
  const matches = entryTest(query)
  const test = (row: Row) => isPresent(row, now) && matches(row)
  const order = entryOrder(query.orderBy, query.reverse)
  const byKey = query.orderBy === undefined && !query.reverse
  const { prefix } = query
  // Overlaid rows may hide some of these, so so many more are read.
  const wanted = capacity + source.overlay().size
  let found: Entry[] = []
  let whole = true
  let after: string | undefined
  for (;;) {
    const range = {
      limit: PAGE,
      ...(prefix === undefined ? {} : { prefix }),
      ...(after === undefined ? {} : { after }),
    }
    const rows = yield* wait(source.engine.scan(kind, range))
    for (const row of rows) if (test(row)) found.push(row)
    if (rows.length < PAGE) break
    after = (rows.at(-1) as Row).key
    if (byKey && found.length > wanted) {
      whole = false
      break
    }
    if (found.length > 2 * wanted + PAGE) {
      found = found.sort(order).slice(0, wanted)
      whole = false
    }
  }
  return front(overlaid(found, source.overlay(), test), order, byKey, capacity, whole)
}

/** Counts what a query finds, without its limit and offset. */
export function countMatches(source: Source, kind: string, query: Query): Awaitable<number> {
  return run(counting(source, kind, query))
}

function* counting(source: Source, kind: string, query: Query): Steps<number> {
  if (query.where === undefined && query.prefix === undefined && source.overlay().size === 0) {
    return yield* wait(source.engine.count(kind, { now: source.now() }))
  }
  const { where, prefix } = query
  const all = {
    ...(where === undefined ? {} : { where }),
    ...(prefix === undefined ? {} : { prefix }),
  }
  const { entries } = yield* collecting(source, kind, all, Number.POSITIVE_INFINITY)
  return entries.length
}

function overlaid(
  found: Entry[],
  over: ReadonlyMap<string, Row>,
  test: (row: Row) => boolean,
): Entry[] {
  if (over.size === 0) return found
  const kept = found.filter((entry) => !over.has(entry.key))
  for (const row of over.values()) if (test(row)) kept.push(row)
  return kept
}

function front(
  found: Entry[],
  order: (a: Entry, b: Entry) => number,
  sorted: boolean,
  capacity: number,
  whole: boolean,
): Collected {
  const entries = sorted && isSorted(found, order) ? found : found.sort(order)
  return entries.length > capacity
    ? { entries: entries.slice(0, capacity), whole: false }
    : { entries, whole }
}

function isSorted(entries: readonly Entry[], order: (a: Entry, b: Entry) => number): boolean {
  for (let index = 1; index < entries.length; index++) {
    if (order(entries[index - 1] as Entry, entries[index] as Entry) > 0) return false
  }
  return true
}
