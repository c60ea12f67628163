import { fieldOf } from "./field.ts"
import { compareKeys, fieldKey, type IndexKey, joinKeys } from "./index-key.ts"
import { orderTerms } from "./order.ts"
import { cursorOf, type Query } from "./query.ts"
import { alternativesOf, type Conditions, type PlaceRange, pointIn, union } from "./span.ts"
import { type Lane, type Stretch, stretchOf } from "./stretch.ts"

/** How indexes find what a query asks for. */
export interface Plan {
  /** Everything that the query finds has its place in one of these. */
  readonly parts: readonly Part[]
  /**
   * Where the index gives the query's order in each of these alone: what is read of them is merged
   * by what follows their beginnings.
   */
  readonly lanes: readonly Lane[] | undefined
  /** Whether everything that has its place there passes the query's `where` and `prefix`. */
  readonly isExact: boolean
  /** Whether the one index, or each lane of it, gives the query's own order when it is read as `ways` say. */
  readonly isOrdered: boolean
  readonly ways: Ways
  /** Whether only the front of what lies there will be read, so that it may be very much. */
  readonly isFront: boolean
  /** Where the query's cursor stands, when the index can begin there; in lanes, without their beginnings. */
  readonly behind: { readonly place: IndexKey; readonly key: string } | undefined
}

/** A part of one index. */
export interface Part {
  /** Which of the indexes: its place in the list. */
  readonly index: number
  /** In order, and no place in two of them. */
  readonly ranges: readonly PlaceRange[]
}

/** In which order an index is read: the places, and the keys that share a place. */
export interface Ways {
  readonly places: Way
  readonly keys: Way
}

export type Way = "asc" | "desc"

/** More lanes than that are not merged. */
const MOST_LANES = 64

/**
 * The ways in which indexes help a query, the best one first: by an index whose first fields are
 * held to single values, the next one to ranges, and which gives the query's order. What has
 * alternatives that no one index finds is looked for in several.
 */
export function planQuery(query: Query, indexes: readonly (readonly string[])[]): readonly Plan[] {
  if (indexes.length === 0) return []
  const alternatives = alternativesOf(query.where)
  const asked = { query, alternatives }
  return indexes
    .map((fields, index) => byOneIndex(asked, fields, index))
    .concat(alternatives.length > 1 ? bySeveral(asked, indexes) : undefined)
    .filter((candidate) => candidate !== undefined)
    .sort((a, b) => b.worth - a.worth)
    .map(({ plan }) => plan)
}

interface Candidate {
  readonly plan: Plan
  readonly worth: number
}

interface Asked {
  readonly query: Query
  readonly alternatives: readonly Conditions[]
}

function byOneIndex(
  { query, alternatives }: Asked,
  fields: readonly string[],
  index: number,
): Candidate | undefined {
  const found = alternatives.map((conditions) => stretchOf(conditions, fields))
  const isFixed = (field: string) => pointIn(alternatives, field) !== undefined
  const straight = orderOf(query, fields, isFixed)
  const lanes = straight.isOrdered ? undefined : lanesOf(query, found)
  // In each lane the fields at its beginning have one value.
  const shared = lanes === undefined ? 0 : (found[0]?.fixed ?? 0)
  const merged = orderOf(query, fields.slice(shared), isFixed)
  const isMerged = lanes !== undefined && merged.isOrdered
  const order = isMerged ? merged : straight
  if (!isHelpful(query, found, order)) return undefined
  const ranges = union(found.flatMap((stretch) => stretch.ranges))
  const isExact = query.prefix === undefined && found.every((stretch) => stretch.isExact)
  const isFront = order.isOrdered && query.limit !== undefined
  const placed = isMerged ? fields.slice(shared) : fields
  const behind = order.isOrdered ? behindOf(query, alternatives, placed) : undefined
  const ways = { ...order, isFront, behind, lanes: isMerged ? lanes : undefined }
  return {
    plan: { parts: [{ index, ranges }], isExact, ...ways },
    worth: leastWorth(found) + (isMerged ? 1 : order.isOrdered ? 2 : 0),
  }
}

/** The lanes that may be merged where only the front of a query is wanted. */
function lanesOf({ limit }: Query, found: readonly Stretch[]): readonly Lane[] | undefined {
  const [only, more] = found
  if (limit === undefined || only === undefined || more !== undefined) return undefined
  const { lanes } = only
  return lanes.length > 1 && lanes.length <= MOST_LANES ? lanes : undefined
}

/** For each alternative the index that is best for it. */
function bySeveral(
  { query, alternatives }: Asked,
  indexes: readonly (readonly string[])[],
): Candidate | undefined {
  const found = alternatives.map((conditions) =>
    indexes
      .map((fields, index) => ({ index, ...stretchOf(conditions, fields) }))
      .reduce((best, other) => (other.worth > best.worth ? other : best)),
  )
  if (!isHelpful(query, found, { isOrdered: false })) return undefined
  const parts = [...Map.groupBy(found, ({ index }) => index)].map(([index, some]) => ({
    index,
    ranges: union(some.flatMap((stretch) => stretch.ranges)),
  }))
  if (parts.length === 1) return undefined
  const isExact = query.prefix === undefined && found.every((stretch) => stretch.isExact)
  const order = { isOrdered: false, ways: { places: "asc", keys: "asc" } } as const
  return {
    plan: { parts, lanes: undefined, isExact, ...order, isFront: false, behind: undefined },
    worth: leastWorth(found),
  }
}

/** What counts is the alternative that is narrowed the least. */
function leastWorth(found: readonly Stretch[]): number {
  return found.reduce((least, { worth }) => Math.min(least, worth), Number.POSITIVE_INFINITY)
}

/** Whether indexes are worth their way: they read a part, or spare reading and sorting all. */
function isHelpful(
  { prefix, orderBy, limit }: Query,
  found: readonly Stretch[],
  { isOrdered }: { readonly isOrdered: boolean },
): boolean {
  if (!found.every(({ worth }) => worth > 0)) {
    return isOrdered && orderBy !== undefined && limit !== undefined && prefix === undefined
  }
  // In the order of keys a few may be found soon; a range may be almost everything.
  const isFixed = found.every(({ fixed }) => fixed > 0)
  return isOrdered || isFixed || orderBy !== undefined || limit === undefined
}

/** Whether the fields that are not fixed order as the query does, and how they are read for it. */
function orderOf(
  { orderBy, reverse = false }: Query,
  fields: readonly string[],
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
  const isOrdering = fields.every((field) => isFixed(field) || field === terms[matched++]?.path)
  const sign = terms[0]?.sign
  const isOrdered =
    isOrdering && matched === terms.length && terms.every((term) => term.sign === sign)
  const places: Way = sign === undefined || sign > 0 !== reverse ? "asc" : "desc"
  // Where all that is found has one place, only the keys order.
  return { isOrdered, ways: { places: sign === undefined ? keys : places, keys } }
}

/** The place of the query's cursor. */
function behindOf(
  query: Query,
  alternatives: readonly Conditions[],
  fields: readonly string[],
): Plan["behind"] {
  const cursor = cursorOf(query)
  if (cursor === undefined) return undefined
  for (const { path } of orderTerms(query.orderBy)) {
    const point = pointIn(alternatives, path)
    // The cursor is not among what the query finds: its place depends on the order of the terms.
    if (point && compareKeys(point, fieldKey(fieldOf(cursor.value, path))) !== 0) return undefined
  }
  const place = fields
    .map((field) => pointIn(alternatives, field) ?? fieldKey(fieldOf(cursor.value, field)))
    .reduce(joinKeys, new Uint8Array())
  return { place, key: cursor.key }
}
