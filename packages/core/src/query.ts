import { StoreError } from "./errors.ts"
import { fieldOf } from "./field.ts"
import { toJson } from "./json.ts"
import { checkKey } from "./names.ts"
import { orderTerms, type Placed } from "./order.ts"

/** A field of a value, dots for depth: `"due"`, `"address.city"`. */
export type Field<V> = unknown extends V
  ? string
  : (V extends object ? keyof V & string : never) | `${string}.${string}`

/** What a field is compared with. All that are given must hold. `T` is what the field is compared as. */
export interface Comparison<T = unknown> {
  readonly $eq?: T
  readonly $ne?: T
  readonly $gt?: Sized<T>
  readonly $gte?: Sized<T>
  readonly $lt?: Sized<T>
  readonly $lte?: Sized<T>
  readonly $in?: readonly T[]
  /** The field is a text that begins so. */
  readonly $prefix?: string
  /** The field is a text that has this in it, or a list that has this as an item. */
  readonly $contains?: unknown
}

/** What has a size, of a type: sizes compare inside one type. */
type Sized<T> = unknown extends T ? number | string : Extract<T, number | string>

/**
 * What a field of a type is compared as: any text with a text, and the milliseconds with a Date.
 * What is plain data is compared with its like; of what a codec carries besides, anything goes.
 */
type Compared<T> = unknown extends T
  ? unknown
  : T extends string
    ? string
    : T extends number
      ? number
      : T extends boolean
        ? boolean
        : T extends null | undefined
          ? null
          : T extends Date
            ? number
            : unknown

/** The type of a field of a value, of whichever of several types that has it. */
type FieldValue<V, F> = V extends unknown ? (F extends keyof V ? V[F] : never) : never

/** What is asked of a field. One deeper inside may be compared with anything. */
type Asked<V, F> = unknown extends V
  ? unknown
  : F extends `${string}.${string}`
    ? unknown
    : unknown extends Compared<FieldValue<V, F>>
      ? unknown
      : Compared<FieldValue<V, F>> | Comparison<Compared<FieldValue<V, F>> | null> | null

/**
 * Which entries: every named field equals its value, or passes its comparison.
 *
 * @example
 * { done: false, due: { $lt: "2027" }, $or: [{ tag: "work" }, { owner: "alice" }] }
 */
export type Where<V = unknown> = { readonly [F in Field<V>]?: Asked<V, F> } & {
  readonly $and?: readonly Where<V>[]
  readonly $or?: readonly Where<V>[]
  readonly $not?: Where<V>
}

/** One field ascending, or fields with their direction. */
export type OrderTerm<V> = Field<V> | { readonly [F in Field<V>]?: "asc" | "desc" }

/** In which order; ties go by key, in UTF-8 byte order. */
export type OrderBy<V = unknown> = OrderTerm<V> | readonly OrderTerm<V>[]

/** Which entries of a kind, in which order, how many. Plain data: it travels and is compared. */
export interface Query<V = unknown> {
  readonly where?: Where<V>
  /** Only keys that begin so, literally. */
  readonly prefix?: string
  readonly orderBy?: OrderBy<V>
  readonly reverse?: boolean
  /**
   * Only what comes behind this place in the query's order: the last entry of the page before,
   * or, where the order is by key, its key. It need not be there any more.
   */
  readonly after?: string | { readonly key: string; readonly value: V }
  /** At most so many, ≥ 0. */
  readonly limit?: number
  /** Leave out so many at the front, ≥ 0. */
  readonly offset?: number
}

const NAMES = new Set(["where", "prefix", "orderBy", "reverse", "after", "limit", "offset"])
const COMPARISONS = new Set([
  "$eq",
  "$ne",
  "$gt",
  "$gte",
  "$lt",
  "$lte",
  "$in",
  "$prefix",
  "$contains",
])

/**
 * Checks a query that may come from anywhere.
 *
 * @throws StoreError `invalid_value` that names the part which is wrong; `invalid_key` for a
 * `prefix` or `after` that no key can be compared with.
 */
export function checkQuery(query: Query): void {
  for (const name of Object.keys(query)) {
    if (!NAMES.has(name)) throw refusal(`there is no "${name}"`, `Use ${[...NAMES].join(", ")}`)
  }
  for (const name of ["limit", "offset"] as const) {
    const value = query[name]
    if (value !== undefined && !(Number.isInteger(value) && value >= 0)) {
      throw refusal(`${name} is ${String(value)}`, `Give a whole number from 0`)
    }
  }
  for (const name of ["where", "orderBy"] as const) {
    if (query[name] !== undefined) checkJson(name, query[name])
  }
  if (query.where !== undefined) checkWhere(query.where)
  if (query.orderBy !== undefined) checkOrderBy(query.orderBy)
  if (query.prefix !== undefined) checkKey(query.prefix)
  if (query.after !== undefined) checkAfter(query)
}

/** The place behind which a query begins. */
export function cursorOf({ after }: Query): Placed | undefined {
  return typeof after === "string" ? { key: after, value: undefined } : after
}

/** The same place with nothing of its value but what the query orders by, as plain JSON. */
export function placeIn(query: Query): Placed {
  const { key, value } = cursorOf(query) as Placed
  const fields = orderTerms(query.orderBy).map(({ path }) => {
    const field = fieldOf(value, path)
    // Of what is no JSON value only its type counts in an order.
    return [path, isPlain(field) ? field : {}] as const
  })
  return { key, value: Object.fromEntries(fields) }
}

/** The same text for equal queries, so that they can share one result. */
export function queryId(query: Query): string {
  const { orderBy, after, ...rest } = query
  const place = after === undefined ? {} : { after: placeId(query) }
  // The order of names means something in orderBy alone.
  const sorted = JSON.stringify({ ...rest, ...place }, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
  return orderBy === undefined ? sorted : `${sorted} ${JSON.stringify(orderBy)}`
}

function isPlain(field: unknown): boolean {
  return field === null || ["undefined", "boolean", "number", "string"].includes(typeof field)
}

/** A query travels as JSON: what JSON would drop or alter must not change its meaning. */
function checkJson(name: string, value: unknown): void {
  try {
    toJson(value, "query", name)
  } catch (error) {
    if (!StoreError.is(error)) throw error
    const { path } = error.details
    throw refusal(
      `${name}${path === "" ? "" : `.${path}`} is not JSON`,
      "Leave it out, or give a JSON value",
    )
  }
}

/** Of a place only its key and what is ordered by mean something. */
function placeId(query: Query): unknown {
  const { key, value } = cursorOf(query) as Placed
  const fields = orderTerms(query.orderBy).map(({ path }) => [path, fieldOf(value, path)] as const)
  return fields.length === 0 ? key : [key, Object.fromEntries(fields)]
}

function checkAfter(query: Query): void {
  const { after, orderBy } = query
  if (typeof after === "string" && orderBy !== undefined) {
    throw refusal(
      `after is a key, but the order is not by key`,
      "Give the last entry of the page before, or its key and value",
    )
  }
  const cursor: unknown = cursorOf(query)
  if (typeof cursor !== "object" || cursor === null || !("key" in cursor && "value" in cursor)) {
    throw refusal(`after is ${String(cursor)}`, "Give a key, or an entry")
  }
  checkKey(cursor.key)
  for (const { path } of orderTerms(orderBy)) {
    const field = fieldOf(cursor.value, path)
    if (field !== undefined) checkJson(`after.value.${path}`, field)
  }
}

function checkOrderBy(orderBy: OrderBy): void {
  for (const term of Array.isArray(orderBy) ? (orderBy as readonly unknown[]) : [orderBy]) {
    if (typeof term === "string") continue
    const ways =
      typeof term === "object" && term !== null && !Array.isArray(term)
        ? Object.values(term)
        : [term]
    const odd = ways.find((way) => way !== "asc" && way !== "desc")
    if (odd !== undefined)
      throw refusal(
        `orderBy has ${JSON.stringify(odd)}`,
        'Use "field" or { field: "asc" | "desc" }',
      )
  }
}

function checkWhere(where: Where): void {
  if (typeof where !== "object" || where === null || Array.isArray(where)) {
    throw refusal(`where has ${JSON.stringify(where)}`, "Give an object")
  }
  for (const [name, wanted] of Object.entries(where)) {
    if (name === "$and" || name === "$or")
      for (const part of list(name, wanted)) checkWhere(part as Where)
    else if (name === "$not") checkWhere(wanted as Where)
    else if (name.startsWith("$"))
      throw refusal(`there is no "${name}"`, "Use $and, $or, $not, or a field")
    else if (isComparison(wanted)) checkComparison(wanted)
  }
}

function checkComparison(comparison: Comparison): void {
  for (const name of Object.keys(comparison)) {
    if (!COMPARISONS.has(name))
      throw refusal(`there is no "${name}"`, `Use ${[...COMPARISONS].join(", ")}`)
  }
  if (comparison.$in !== undefined) list("$in", comparison.$in)
}

/** Whether what a field is held against is a comparison, and not a value to equal. */
export function isComparison(wanted: unknown): wanted is Comparison {
  if (typeof wanted !== "object" || wanted === null || Array.isArray(wanted)) return false
  return Object.keys(wanted).some((name) => name.startsWith("$"))
}

function list(name: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw refusal(`${name} is not a list`, `Give ${name} an array`)
  return value
}

function refusal(what: string, hint: string): StoreError {
  return new StoreError("invalid_value", `The query cannot be read: ${what}`, { hint })
}
