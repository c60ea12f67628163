import { fieldOf } from "./field.ts"
import type { OrderBy } from "./query.ts"

/**
 * Compares two strings by their UTF-8 bytes: the order of keys on every engine. UTF-16 order
 * differs only where a surrogate pair meets a character above it, U+E000 to U+FFFF.
 */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const x = a.charCodeAt(index)
    const y = b.charCodeAt(index)
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1
  }
  return a.length - b.length
}

/** The least string above all strings with a prefix; `undefined` when there is none. */
export function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (char) => char.codePointAt(0) ?? 0)
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === 0x10ffff) continue
    points.push(last === 0xd7ff ? 0xe000 : last + 1)
    return String.fromCodePoint(...points)
  }
  return undefined
}

/**
 * Compares two JSON values: first by type — absent, null, false, true, numbers, strings, the
 * rest — then by size, strings by their UTF-8 bytes. Objects and arrays are all equal.
 */
export function compareJson(a: unknown, b: unknown): number {
  const rank = rankOf(a) - rankOf(b)
  if (rank !== 0) return rank
  if (typeof a === "number" && typeof b === "number") return a - b
  if (typeof a === "string" && typeof b === "string") return compareText(a, b)
  return 0
}

/** What the place of an entry among the others of its kind depends on. */
export interface Placed {
  readonly key: string
  readonly value: unknown
}

/** A total order of the entries of one kind. */
export type EntryOrder = (a: Placed, b: Placed) => number

/** The order that a query asks for; ties, and queries without `orderBy`, go by key. */
export function entryOrder(orderBy: OrderBy | undefined, reverse = false): EntryOrder {
  const terms = orderTerms(orderBy)
  const forward: EntryOrder = (a, b) => {
    for (const { path, sign } of terms) {
      const order = compareJson(fieldOf(a.value, path), fieldOf(b.value, path))
      if (order !== 0) return order * sign
    }
    return compareText(a.key, b.key)
  }
  return reverse ? (a, b) => forward(b, a) : forward
}

/** The fields that a query orders by, the first one first. */
export function orderTerms(
  orderBy: OrderBy | undefined,
): readonly { readonly path: string; readonly sign: 1 | -1 }[] {
  if (orderBy === undefined) return []
  const items = typeof orderBy === "string" || !Array.isArray(orderBy) ? [orderBy] : orderBy
  return items.flatMap((item) =>
    typeof item === "string"
      ? [{ path: item, sign: 1 as const }]
      : Object.entries(item).map(([path, way]) => ({
          path,
          sign: way === "desc" ? (-1 as const) : (1 as const),
        })),
  )
}

function rankOf(value: unknown): number {
  switch (typeof value) {
    case "undefined":
      return 0
    case "boolean":
      return value ? 3 : 2
    case "number":
      return 4
    case "string":
      return 5
    default:
      return value === null ? 1 : 6
  }
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}
