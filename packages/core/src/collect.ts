import { type Awaitable, run, type Steps, together, wait } from "./awaitable.ts"
import type { Range } from "./engine.ts"
import { type Entry, isPresent, type Row } from "./entry.ts"
import { entryTest } from "./match.ts"
import { entryOrder } from "./order.ts"
import { readPage, type Source } from "./page.ts"
import { cursorOf, type Query } from "./query.ts"
import { type Sighting, seekCount, seekFront } from "./seek.ts"

/** How many rows are asked of the engine at once, at most. */
const PAGE = 1_000

/** How often pages are read again that were not of one moment, before all is read at once. */
const READINGS = 3

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
 * Reads the first `capacity` entries of a query, in its order, with an overlay on top, as they are
 * at one moment. Keeps about twice as many in memory while it reads, and more only where others
 * write so often that all is read at once.
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
  const sighting = { source, kind, query, test: presentTest(source, query) }
  if (mayHaveIndex(query)) {
    const order = entryOrder(query.orderBy, query.reverse)
    const front = yield* seekFront(sighting, order, capacity)
    if (front !== undefined) return front
  }
  const all = Number.POSITIVE_INFINITY
  if (capacity === all) return (yield* collectPages(sighting, capacity, all)).found
  return yield* atOneMoment(source, (most) => collectPages(sighting, capacity, most))
}

function* collectPages(
  { source, kind, query, test }: Sighting,
  capacity: number,
  most: number,
): Steps<Paged<Collected>> {
  const order = entryOrder(query.orderBy, query.reverse)
  const byKey = query.orderBy === undefined
  let found: Entry[] = []
  let whole = true
  let after = byKey ? cursorOf(query)?.key : undefined
  // One more than is wanted tells whether that is all.
  let size = byKey && Number.isFinite(most) ? Math.min(most, capacity + 1) : most
  let pages = 0
  for (;;) {
    const { rows, next } = yield* readPage(source, kind, rangeOf(query, after, size))
    pages++
    for (const row of rows) if (test(row)) found.push(row)
    if (next === undefined) break
    after = next
    size = Math.min(most, size * 2)
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
  if (entries.length <= capacity) return { found: { entries, whole }, pages }
  return { found: { entries: entries.slice(0, capacity), whole: false }, pages }
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
  const sighting = { source, kind, query: all, test }
  const sought = mayHaveIndex(all) ? yield* seekCount(sighting) : undefined
  if (sought !== undefined) return sought
  return yield* atOneMoment(source, (most) => countPages(sighting, most))
}

function* countPages({ source, kind, query, test }: Sighting, most: number): Steps<Paged<number>> {
  let found = 0
  let pages = 0
  let after: string | undefined
  do {
    const { rows, next } = yield* readPage(source, kind, rangeOf(query, after, most))
    pages++
    for (const row of rows) if (test(row)) found++
    after = next
  } while (after !== undefined)
  return { found, pages }
}

/** What was found in pages, and in how many. */
interface Paged<T> {
  readonly found: T
  readonly pages: number
}

/**
 * Reads pages of at most so many rows, again when somebody has written between two of them, and at
 * last all in one: so that what is found is what was there at one moment.
 */
function* atOneMoment<T>(source: Source, read: (most: number) => Steps<Paged<T>>): Steps<T> {
  const { engine, overlay } = source
  for (let tried = 0; tried < READINGS; tried++) {
    // Asked before the first page, and waited for together with it.
    const place = together([engine.place()])
    const over = [...overlay().values()]
    const { found, pages } = yield* read(PAGE)
    if (pages === 1) return found
    const [before] = yield* wait(place)
    const after = yield* wait(engine.place())
    const isMoved = before?.head !== after.head || before.epoch !== after.epoch
    if (!isMoved && isUnchanged(over, overlay())) return found
  }
  return (yield* read(Number.POSITIVE_INFINITY)).found
}

function isUnchanged(before: readonly Row[], overlay: ReadonlyMap<string, Row>): boolean {
  return overlay.size === before.length && before.every((row) => overlay.get(row.key) === row)
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
    if (isUnchanged(before, overlay())) return count
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
