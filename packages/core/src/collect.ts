import { type Awaitable, run, type Steps, together, wait } from "./awaitable.ts"
import type { Range } from "./engine.ts"
import { type Entry, isPresent, type Row } from "./entry.ts"
import { entryTest } from "./match.ts"
import { entryOrder } from "./order.ts"
import { readPage, type Source } from "./page.ts"
import { cursorOf, type Query } from "./query.ts"
import { seekCount, seekFront } from "./seek.ts"

/** How many rows are asked of the engine at once, at most. */
const PAGE = 1_000

/** How often to count again because other rows lie over the engine's by then. */
const COUNTS = 3

/** With more rows than that over the engine's, all are read: it comes to the same. */
const MOST_OVER = 256

/** The sorted front of what a query finds, and whether that is all of it. */
export interface Collected {
  readonly entries: readonly Entry[]
  readonly whole: boolean
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
  const test = presentTest(source, query)
  const order = entryOrder(query.orderBy, query.reverse)
  if (mayHaveIndex(query)) {
    const front = yield* seekFront({ source, kind, query, test }, order, capacity)
    if (front !== undefined) return front
  }
  const byKey = query.orderBy === undefined
  let found: Entry[] = []
  let whole = true
  let after = byKey ? cursorOf(query)?.key : undefined
  // One more than is wanted tells whether that is all. All there is, is read at once: as it is at
  // one moment, also where other processes write.
  const isAll = capacity === Number.POSITIVE_INFINITY
  let size = isAll ? capacity : byKey ? Math.min(PAGE, capacity + 1) : PAGE
  for (;;) {
    const { rows, next } = yield* readPage(source, kind, rangeOf(query, after, size))
    for (const row of rows) if (test(row)) found.push(row)
    if (next === undefined) break
    after = next
    size = Math.min(PAGE, size * 2)
    if (byKey && found.length >= capacity) {
      whole = false
      break
    }
    if (!byKey && found.length > 2 * capacity + PAGE) {
      found = found.sort(order).slice(0, capacity)
      whole = false
    }
  }
  const entries = byKey ? found : found.sort(order)
  if (entries.length <= capacity) return { entries, whole }
  return { entries: entries.slice(0, capacity), whole: false }
}

/** Counts what a query finds, whatever part of it the query wants to see. */
export function countMatches(source: Source, kind: string, query: Query): Awaitable<number> {
  return run(counting(source, kind, query))
}

function* counting(source: Source, kind: string, { where, prefix }: Query): Steps<number> {
  const all: Query = {
    ...(where === undefined ? {} : { where }),
    ...(prefix === undefined ? {} : { prefix }),
  }
  const test = presentTest(source, all)
  const known = yield* countedAtOnce(source, kind, all, test)
  if (known !== undefined) return known
  const sought = mayHaveIndex(all)
    ? yield* seekCount({ source, kind, query: all, test })
    : undefined
  if (sought !== undefined) return sought
  let count = 0
  let after: string | undefined
  do {
    const { rows, next } = yield* readPage(source, kind, rangeOf(all, after, PAGE))
    for (const row of rows) if (test(row)) count++
    after = next
  } while (after !== undefined)
  return count
}

/**
 * What the engine counts by itself, brought up to date by the rows that lie over it. `undefined`
 * where it cannot, or where writes came and went too fast.
 */
function* countedAtOnce(
  { engine, now, overlay }: Source,
  kind: string,
  query: Query,
  test: (row: Row) => boolean,
): Steps<number | undefined> {
  const isPlain = query.where === undefined && query.prefix === undefined
  for (let tried = 0; tried < COUNTS; tried++) {
    const over = overlay()
    if (over.size > MOST_OVER) return undefined
    const before = [...over.values()]
    const moment = { now: now() }
    const counted = isPlain ? engine.count(kind, moment) : engine.tally(kind, query, moment)
    if (counted === undefined) return undefined
    // Asked together: of an engine that answers later, they are of about one moment.
    const under = together(before.map(({ key }) => engine.row(kind, key)))
    let count = yield* wait(counted)
    if (count === undefined) return undefined
    for (const row of yield* wait(under)) if (row !== undefined && test(row)) count--
    for (const row of before) if (test(row)) count++
    const after = overlay()
    if (after.size === before.length && before.every((row) => after.get(row.key) === row))
      return count
  }
  return undefined
}

/** The keys that a query can find, from one on. */
export function rangeOf(
  { prefix, reverse }: Query,
  after: string | undefined,
  limit: number,
): Range {
  return {
    limit,
    ...(reverse === true ? { reverse } : {}),
    ...(prefix === undefined ? {} : { prefix }),
    ...(after === undefined ? {} : { after }),
  }
}

/** Whether an index can help at all. */
function mayHaveIndex({ where, orderBy }: Query): boolean {
  return where !== undefined || orderBy !== undefined
}

/** Whether a row is an entry that the query finds now. */
function presentTest(source: Source, query: Query): (row: Row) => boolean {
  const now = source.now()
  const matches = entryTest(query)
  return (row) => isPresent(row, now) && source.leavesOut?.(row) !== true && matches(row)
}
