import { type Awaitable, run, type Steps, wait } from "./awaitable.ts"
import type { Range } from "./engine.ts"
import { type Entry, isPresent, type Row } from "./entry.ts"
import { entryTest } from "./match.ts"
import { entryOrder } from "./order.ts"
import { readPage, type Source } from "./page.ts"
import { cursorOf, type Query } from "./query.ts"
import { seekCount, seekFront } from "./seek.ts"

/** How many rows are asked of the engine at once, at most. */
const PAGE = 1_000

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
  if (where === undefined && prefix === undefined && source.overlay().size === 0) {
    return yield* wait(source.engine.count(kind, { now: source.now() }))
  }
  const all: Query = {
    ...(where === undefined ? {} : { where }),
    ...(prefix === undefined ? {} : { prefix }),
  }
  const test = presentTest(source, all)
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
