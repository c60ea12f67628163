import type { Change, Query } from "@tidemark/core"
import { compareText, type Engine, entryTest, type Range, type Row } from "@tidemark/core/engine"
import { type FollowTarget, unheldOf } from "../../src/follow.ts"
import { Fold, rowText } from "./fold.ts"

/** Where a base stands. */
export interface Place {
  readonly epoch: string
  readonly position: number
}

/** The log of a sequence, also of one that a restore has ended. */
export type LogOf = (epoch: string) => readonly Change[] | undefined

/** Whether an answer is what a state has. */
type Test = (fold: Fold) => boolean

/**
 * An engine of a replica, overheard: what it finds of kinds that it does not hold must be of one
 * state, not older than where its base stood when it was asked, and not newer than where it is.
 */
export function overheard(
  engine: Engine,
  parts: {
    readonly follow: readonly FollowTarget[]
    place(): Place
    readonly logOf: LogOf
    fail(what: string): void
  },
): Engine {
  const unheld = unheldOf(parts.follow)
  const call = (name: keyof typeof TESTS, parameters: readonly unknown[]) => {
    const method = engine[name] as (...parameters: readonly unknown[]) => unknown
    const answer = method.apply(engine, [...parameters])
    const kind = String(parameters[0])
    const target = parts.follow.find((one) => one.kind === kind)
    if (target === undefined || !unheld.includes(kind)) return answer
    const from = parts.place()
    const check = (found: unknown) => {
      const test = TESTS[name](target, parameters as never, found as never)
      if (test !== undefined && !isOfSomeState(test, from, parts.place(), parts.logOf))
        parts.fail(`${name} of ${kind} finds what never was: ${JSON.stringify([from, found])}`)
    }
    Promise.resolve(answer).then(check, () => {})
    return answer
  }
  return new Proxy(engine, {
    get: (target, name) => {
      if (Object.hasOwn(TESTS, name))
        return (...parameters: readonly unknown[]) => call(name as keyof typeof TESTS, parameters)
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === "function" ? member.bind(target) : member
    },
  })
}

function isOfSomeState(test: Test, from: Place, to: Place, logOf: LogOf): boolean {
  const log = logOf(to.epoch)
  if (log === undefined) return false
  const fold = new Fold(to.epoch)
  // Where another sequence has come meanwhile, or was just coming, it was asked again.
  const isSame = from.epoch === to.epoch && from.position <= to.position
  for (let at = isSame ? from.position : 0; at <= to.position; at++) {
    fold.advance(log, at)
    if (test(fold)) return true
  }
  return false
}

/** For each read what a state must have for an answer; `undefined` where that is not looked at. */
const TESTS = {
  row({ kind: _, hold: __, ...part }: FollowTarget, [kind, key, at]: RowAsked, found?: Row) {
    if (at !== undefined) return undefined
    const isIn = entryTest(part)
    return (fold: Fold) => {
      const row = fold.row(kind, key)
      return presentText(row && isIn(row) ? row : undefined) === presentText(found)
    }
  },
  scan(target: FollowTarget, [, { limit, at, ...range }]: ScanAsked, found: readonly Row[]) {
    if (at !== undefined) return undefined
    return (fold: Fold) => textOf(rowsOf(fold, target, range).slice(0, limit)) === textOf(found)
  },
  seek(target: FollowTarget, [, query, page]: SeekAsked, found: Found | undefined) {
    // More may be found than the query asks for.
    if (found === undefined || page.after !== undefined) return undefined
    const { limit: _, ...range } = query
    const test = entryTest(range)
    const rows = found.rows.filter(test)
    const all = query.limit === undefined || found.next === undefined
    if (query.limit === undefined) rows.sort((a, b) => compareText(a.key, b.key))
    return (fold: Fold) => {
      const wanted = rowsOf(fold, target, query.limit === undefined ? ofKeys(query) : range)
      return textOf(all ? wanted : wanted.slice(0, rows.length)) === textOf(rows)
    }
  },
  tally(target: FollowTarget, [, query]: readonly [string, Query], found: number | undefined) {
    if (found === undefined) return undefined
    return (fold: Fold) => rowsOf(fold, target, query).length === found
  },
}

type RowAsked = readonly [kind: string, key: string, at?: number]
type ScanAsked = readonly [kind: string, range: Range]
type SeekAsked = readonly [kind: string, query: Query, page: { readonly after?: unknown }]
type Found = { readonly rows: readonly Row[]; readonly next: unknown }

/** The rows that are followed and that a query by keys finds, in its order. */
export function rowsOf(fold: Fold, target: FollowTarget, query: Query): readonly Row[] {
  const { kind, hold: _, ...part } = target
  const { reverse = false, after, ...range } = query
  const [isIn, isAsked] = [entryTest(part), entryTest(range)]
  const order = reverse ? (a: Row, b: Row) => compareText(b.key, a.key) : byKey
  return fold.rows
    .filter((row) => row.kind === kind && row.deleted !== true && isIn(row) && isAsked(row))
    .sort(order)
    .filter(({ key }) => after === undefined || key > after !== reverse)
}

function byKey(a: Row, b: Row): number {
  return compareText(a.key, b.key)
}

function ofKeys({ reverse: _, ...query }: Query): Query {
  return query
}

function textOf(rows: readonly Row[]): string {
  return rows.map(rowText).join("\n")
}

function presentText(row: Row | undefined): string {
  return row === undefined || row.deleted ? "" : rowText(row)
}
