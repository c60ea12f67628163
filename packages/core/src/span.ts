import { compareKeys, fieldKey, type IndexKey, keyAfter, TAG, textStart } from "./index-key.ts"
import { type Comparison, isComparison, type Where } from "./query.ts"

/** Where the bytes of one field lie in everything that passes a condition. */
export interface Span {
  readonly from: IndexKey
  readonly to: IndexKey
  /** The bytes of the one value that the field may have. */
  readonly point: IndexKey | undefined
  /** Whether everything between passes. */
  readonly isExact: boolean
}

/** What a `where` asks of single fields. */
export interface Conditions {
  readonly spans: ReadonlyMap<string, Span>
  /** Whether the spans are all that it asks. */
  readonly isWhole: boolean
}

/** What everything that passes a `where` has in common, field by field. */
export function conditionsOf(where: Where | undefined): Conditions {
  const found = new Found()
  if (where !== undefined) found.add(where)
  return found
}

class Found implements Conditions {
  readonly spans = new Map<string, Span>()
  isWhole = true

  add(where: Where): void {
    for (const [name, wanted] of Object.entries(where)) {
      if (name === "$and") for (const part of wanted as readonly Where[]) this.add(part)
      else if (name === "$or" || name === "$not") this.isWhole = false
      else if (isComparison(wanted)) this.#compare(name, wanted)
      else this.#narrow(name, pointOf(wanted))
    }
  }

  #compare(field: string, comparison: Comparison): void {
    for (const [name, operand] of Object.entries(comparison)) {
      const span = SPANS[name as keyof Comparison]?.(operand)
      if (span === undefined) this.isWhole = false
      else this.#narrow(field, span)
    }
  }

  #narrow(field: string, span: Span): void {
    const known = this.spans.get(field)
    this.spans.set(field, known === undefined ? span : both(known, span))
  }
}

function both(a: Span, b: Span): Span {
  const point = a.point ?? b.point
  return {
    from: compareKeys(a.from, b.from) < 0 ? b.from : a.from,
    to: compareKeys(a.to, b.to) < 0 ? a.to : b.to,
    point,
    // One value is looked for as it is, whatever else is asked of it.
    isExact: a.isExact && b.isExact && point === undefined,
  }
}

/** For each comparison the span that it means; none for what says nothing about the place. */
const SPANS: { readonly [Name in keyof Comparison]?: (operand: unknown) => Span | undefined } = {
  $eq: pointOf,
  $gt: (operand) => rangeOf(operand, (place, { to }) => [above(place), to]),
  $gte: (operand) => rangeOf(operand, (place, { to }) => [place, to]),
  $lt: (operand) => rangeOf(operand, (place, { from }) => [from, place]),
  $lte: (operand) => rangeOf(operand, (place, { from }) => [from, above(place)]),
  $prefix: (operand) => {
    if (typeof operand !== "string") return undefined
    const from = textStart(operand)
    return { from, to: above(from), point: undefined, isExact: true }
  },
}

function pointOf(value: unknown): Span {
  const from = fieldKey(value)
  // Objects and arrays share one place.
  return {
    from,
    to: above(from),
    point: from,
    isExact: typeof value !== "object" || value === null,
  }
}

/** A range among the values of the operand's type: sizes are compared inside one type only. */
function rangeOf(
  operand: unknown,
  bounds: (place: IndexKey, type: Type) => readonly [IndexKey, IndexKey],
): Span | undefined {
  if (typeof operand !== "number" && typeof operand !== "string") return undefined
  const [from, to] = bounds(fieldKey(operand), TYPES[typeof operand as keyof typeof TYPES])
  return { from, to, point: undefined, isExact: true }
}

/** Where the values of one type lie. */
interface Type {
  readonly from: IndexKey
  readonly to: IndexKey
}

const TYPES: Readonly<Record<"number" | "string", Type>> = {
  // What is no number is no smaller and no larger.
  number: { from: Uint8Array.of(TAG.number), to: above(fieldKey(Number.POSITIVE_INFINITY)) },
  string: { from: Uint8Array.of(TAG.text), to: Uint8Array.of(TAG.rest) },
}

/** The bytes of a field begin with its type, so that there is always something above. */
function above(place: IndexKey): IndexKey {
  return keyAfter(place) as IndexKey
}
