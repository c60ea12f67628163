import { fieldOf } from "./field.ts"
import { compareKeys, fieldKey, type IndexKey, joinKeys, keyAfter, TAG } from "./index-key.ts"
import { orderTerms } from "./order.ts"
import { cursorOf, type Query } from "./query.ts"
import { type Conditions, conditionsOf } from "./span.ts"

/** How an index finds what a query asks for. */
export interface Plan {
  /** Which of the indexes: its place in the list. */
  readonly index: number
  /** Everything that the query finds has its place from here on … */
  readonly from: IndexKey
  /** … and below here. */
  readonly to: IndexKey
  /** Whether everything that has its place there passes the query's `where` and `prefix`. */
  readonly isExact: boolean
  /** Whether the index gives the query's own order when it is read as `ways` say. */
  readonly isOrdered: boolean
  readonly ways: Ways
  /** Whether only the front of what lies there will be read, so that it may be very much. */
  readonly isFront: boolean
  /** Where the query's cursor stands, when the index can begin there. */
  readonly behind: { readonly place: IndexKey; readonly key: string } | undefined
}

/** In which order an index is read: the places, and the keys that share a place. */
export interface Ways {
  readonly places: Way
  readonly keys: Way
}

export type Way = "asc" | "desc"

/** The places that all keys of an index have: below the end of the types. */
const LAST = Uint8Array.of(TAG.end)

/**
 * The ways in which indexes help a query, the best one first: by an index whose first fields are
 * held to one value each, the next one to a range, and which gives the query's order.
 */
export function planQuery(query: Query, indexes: readonly (readonly string[])[]): readonly Plan[] {
  if (indexes.length === 0) return []
  const conditions = conditionsOf(query.where)
  return indexes
    .flatMap((fields, index) => candidateOf(query, conditions, fields, index) ?? [])
    .sort((a, b) => b.worth - a.worth)
    .map(({ plan }) => plan)
}

interface Candidate {
  readonly plan: Plan
  readonly worth: number
}

function candidateOf(
  query: Query,
  { spans, isWhole }: Conditions,
  fields: readonly string[],
  index: number,
): Candidate | undefined {
  let start: IndexKey = new Uint8Array()
  let fixed = 0
  for (const field of fields) {
    const point = spans.get(field)?.point
    if (point === undefined) break
    start = joinKeys(start, point)
    fixed++
  }
  const next = fields[fixed]
  const span = next === undefined ? undefined : spans.get(next)
  const from = span === undefined ? start : joinKeys(start, span.from)
  const to = span === undefined ? (keyAfter(start) ?? LAST) : joinKeys(start, span.to)
  const order = orderOf(query, fields, fixed, (field) => spans.get(field)?.point !== undefined)
  const isNarrow = fixed > 0 || span !== undefined
  if (!isHelpful(query, isNarrow, fixed > 0, order)) return undefined
  const used = fields.slice(0, fixed + (span === undefined ? 0 : 1))
  const isExact =
    isWhole &&
    query.prefix === undefined &&
    spans.size === new Set(used).size &&
    used.every((field) => spans.get(field)?.isExact)
  const isFront = order.isOrdered && query.limit !== undefined
  const behind = order.isOrdered ? behindOf(query, { spans, isWhole }, fields) : undefined
  return {
    plan: { index, from, to, isExact, ...order, isFront, behind },
    worth: fixed * 4 + (order.isOrdered ? 2 : 0) + (span === undefined ? 0 : 1),
  }
}

/** Whether an index is worth its way: it reads a part, or spares reading and sorting all. */
function isHelpful(
  { prefix, orderBy, limit }: Query,
  isNarrow: boolean,
  isFixed: boolean,
  { isOrdered }: { readonly isOrdered: boolean },
): boolean {
  if (!isNarrow) {
    return isOrdered && orderBy !== undefined && limit !== undefined && prefix === undefined
  }
  // In the order of keys a few may be found soon; a range may be almost everything.
  const byKey = orderBy === undefined
  return isOrdered || isFixed || !byKey || limit === undefined
}

/** Whether the fields behind the fixed ones order as the query does, and how they are read for it. */
function orderOf(
  { orderBy, reverse = false }: Query,
  fields: readonly string[],
  fixed: number,
  isFixed: (field: string) => boolean,
): { readonly isOrdered: boolean; readonly ways: Ways } {
  const keys: Way = reverse ? "desc" : "asc"
  const known = new Set<string>()
  // What has one value in all that is found orders nothing, and so does a field that is named again.
  const terms = orderTerms(orderBy).filter(({ path }) => {
    const orders = !known.has(path) && !isFixed(path)
    known.add(path)
    return orders
  })
  let matched = 0
  const isOrdering = fields
    .slice(fixed)
    .every((field) => isFixed(field) || field === terms[matched++]?.path)
  const sign = terms[0]?.sign
  const isOrdered =
    isOrdering && matched === terms.length && terms.every((term) => term.sign === sign)
  const places: Way = sign === undefined || sign > 0 !== reverse ? "asc" : "desc"
  // Where all that is found has one place, only the keys order.
  return { isOrdered, ways: { places: sign === undefined ? keys : places, keys } }
}

/** The place of the query's cursor. */
function behindOf(query: Query, { spans }: Conditions, fields: readonly string[]): Plan["behind"] {
  const cursor = cursorOf(query)
  if (cursor === undefined) return undefined
  for (const { path } of orderTerms(query.orderBy)) {
    const point = spans.get(path)?.point
    // The cursor is not among what the query finds: its place depends on the order of the terms.
    if (point && compareKeys(point, fieldKey(fieldOf(cursor.value, path))) !== 0) return undefined
  }
  const place = fields
    .map((field) => spans.get(field)?.point ?? fieldKey(fieldOf(cursor.value, field)))
    .reduce(joinKeys, new Uint8Array())
  return { place, key: cursor.key }
}
