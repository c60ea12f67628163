import { type Awaitable, isPromise, type Steps, wait } from "./awaitable.ts"
import type { EngineReads, Range } from "./engine.ts"
import type { Row } from "./entry.ts"
import { compareText } from "./order.ts"

/** What a query reads from. */
export interface Source {
  readonly engine: Pick<EngineReads, "place" | "row" | "scan" | "seek" | "count" | "tally">
  /** By when entries have ended. */
  now(): number
  /** Rows that lie over the engine's: pending writes, or those of an open transaction. */
  overlay(): ReadonlyMap<string, Row>
  /** What a key shows, by the engine's word, with the overlay on top. */
  row(key: string): Awaitable<Row | undefined>
  /** Whether to go on without a row, which cannot be read perhaps. Default: what cannot be read throws when it is looked into. */
  leavesOut?(row: Row): boolean
}

/** Some rows of a kind in the order of a range: no tombstones, but expired ones too. */
export interface Page {
  readonly rows: readonly Row[]
  /** After which key the next page begins; `undefined` where this is the last. */
  readonly next: string | undefined
}

/** Reads one page of the engine, with the overlay merged in. `range.limit` is at least 1. */
export function* readPage(source: Source, kind: string, range: Range): Steps<Page> {
  const read = source.engine.scan(kind, range)
  const onTheWay = isPromise(read) ? [...source.overlay().keys()] : []
  const stored = yield* wait(read)
  const next = stored.length < range.limit ? undefined : stored.at(-1)?.key
  const order = keyOrder(range)
  const isWithin = rangeTest(range, next, order)
  const over = new Map<string, Row | undefined>()
  for (const [key, row] of source.overlay()) if (isWithin(key)) over.set(key, row)
  for (const key of onTheWay) {
    // It has arrived since, but perhaps after the engine had read the page.
    if (!over.has(key) && isWithin(key)) over.set(key, yield* wait(source.row(key)))
  }
  return { rows: over.size === 0 ? stored : merged(stored, over, order), next }
}

type KeyOrder = (a: string, b: string) => number

function keyOrder({ reverse }: Range): KeyOrder {
  return reverse ? (a, b) => compareText(b, a) : compareText
}

function rangeTest({ prefix = "", after }: Range, last: string | undefined, order: KeyOrder) {
  return (key: string) =>
    key.startsWith(prefix) &&
    (after === undefined || order(key, after) > 0) &&
    (last === undefined || order(key, last) <= 0)
}

function merged(
  stored: readonly Row[],
  over: ReadonlyMap<string, Row | undefined>,
  order: KeyOrder,
): readonly Row[] {
  const rows = stored.filter((row) => !over.has(row.key))
  for (const row of over.values()) if (row !== undefined && !row.deleted) rows.push(row)
  return rows.sort((a, b) => order(a.key, b.key))
}
