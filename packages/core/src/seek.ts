import { type Steps, wait } from "./awaitable.ts"
import type { Collected } from "./collect.ts"
import type { IndexPlace } from "./engine.ts"
import type { Entry, Row } from "./entry.ts"
import type { EntryOrder } from "./order.ts"
import type { Source } from "./page.ts"
import type { Query } from "./query.ts"

/** How many rows are asked of an index at once, at most. */
const PAGE = 1_000

/** What is looked for by an index: rows of a kind that pass a test, in an order. */
export interface Sighting {
  readonly source: Source
  readonly kind: string
  readonly query: Query
  readonly test: (row: Row) => boolean
}

/**
 * The first `capacity` entries of a query, read by an index, with an overlay on top. `undefined`
 * where no index tells.
 */
export function* seekFront(
  sighting: Sighting,
  order: EntryOrder,
  capacity: number,
): Steps<Collected | undefined> {
  const over = overlaid(sighting)
  let found: Entry[] = []
  let whole = true
  const ended = yield* seekRows(sighting, over, capacity + 1, (row, isOrdered) => {
    found.push(row)
    if (isOrdered) return found.length > capacity
    if (found.length > 2 * capacity + PAGE) {
      found = found.sort(order).slice(0, capacity)
      whole = false
    }
    return false
  })
  if (ended === undefined) return undefined
  found.push(...(yield* overlay(sighting, over)))
  const entries = found.sort(order)
  whole &&= ended && entries.length <= capacity
  return { entries: entries.slice(0, capacity), whole }
}

/** How many entries a query finds, read by an index. `undefined` where no index tells. */
export function* seekCount(sighting: Sighting): Steps<number | undefined> {
  const over = overlaid(sighting)
  let count = 0
  const ended = yield* seekRows(sighting, over, PAGE, () => {
    count++
    return false
  })
  return ended === undefined ? undefined : count + (yield* overlay(sighting, over)).length
}

/**
 * Reads page after page until all is read, or `take` has enough. Gives whether all was read;
 * `undefined` when an index does not tell, or has moved on between two pages.
 */
function* seekRows(
  { source, kind, query, test }: Sighting,
  over: readonly string[],
  first: number,
  take: (row: Row, isOrdered: boolean) => boolean,
): Steps<boolean | undefined> {
  const covered = new Set(over)
  let limit = Math.min(PAGE, first + over.length)
  let at: number | undefined
  let after: IndexPlace | undefined
  do {
    const page = after === undefined ? { limit } : { limit, after }
    const sought = yield* wait(source.engine.seek(kind, query, page))
    if (sought === undefined || (at ?? sought.at) !== sought.at) return undefined
    for (const row of sought.rows) {
      if (!covered.has(row.key) && test(row) && take(row, sought.isOrdered)) return false
    }
    at = sought.at
    after = sought.next
    limit = Math.min(PAGE, limit * 2)
  } while (after !== undefined)
  return true
}

/** The keys that something lies over; what comes later is not waited for. */
function overlaid({ source }: Sighting): readonly string[] {
  return [...source.overlay().keys()]
}

/** What these keys show, as far as it passes. Some may have been committed since. */
function* overlay({ source, test }: Sighting, over: readonly string[]): Steps<readonly Row[]> {
  const shown: Row[] = []
  for (const key of over) {
    const row = source.overlay().get(key) ?? (yield* wait(source.row(key)))
    if (row !== undefined && test(row)) shown.push(row)
  }
  return shown
}
