import { compareKeys, fieldKey, type IndexKey, keyAfter, TAG, textStart } from "./index-key.ts"
import { type Comparison, isComparison, type Where } from "./query.ts"

/** Where something lies: from one place on, and below another. */
export interface PlaceRange {
  readonly from: IndexKey
  readonly to: IndexKey
}

/** A range of the bytes of one field. */
interface FieldRange extends PlaceRange {
  /** Whether only one value has its place there, which `from` is. */
  readonly isPoint: boolean
}

/** Where the bytes of one field lie in everything that passes a condition. */
export interface Span {
  /** In order, and no place in two of them. */
  readonly ranges: readonly FieldRange[]
  /** Whether everything that lies there passes. */
  readonly isExact: boolean
}

/** What is asked of single fields, of each of them. */
export interface Conditions {
  readonly spans: ReadonlyMap<string, Span>
  /** Whether the spans are all that is asked. */
  readonly isWhole: boolean
}

/** More alternatives than that are not told apart. */
const MOST = 32

/**
 * What everything that passes a `where` has in common, field by field: it meets the conditions of
 * one of these alternatives at least.
 */
export function alternativesOf(where: Where | undefined): readonly Conditions[] {
  return Object.entries(where ?? {})
    .map(([name, wanted]) => askedBy(name, wanted))
    .reduce(paired, [NOTHING_ASKED])
}

/** The bytes of the one value that a field has in all of some alternatives. */
export function pointIn(alternatives: readonly Conditions[], field: string): IndexKey | undefined {
  const [first, ...others] = alternatives.map(({ spans }) => pointOf(spans.get(field)))
  if (first === undefined) return undefined
  const isFirst = (point: IndexKey | undefined) =>
    point !== undefined && compareKeys(point, first) === 0
  return others.every(isFirst) ? first : undefined
}

/** The places of some ranges, in order and each once. */
export function union<R extends PlaceRange>(ranges: readonly R[]): readonly R[] {
  const found: R[] = []
  for (const range of ranges.toSorted((a, b) => compareKeys(a.from, b.from))) {
    const last = found.at(-1)
    if (last === undefined || compareKeys(last.to, range.from) <= 0) found.push(range)
    // What reaches further takes the place of a single value in it.
    else if (compareKeys(last.to, range.to) < 0)
      found[found.length - 1] = { ...range, from: last.from }
  }
  return found
}

const NOTHING_ASKED: Conditions = { spans: new Map(), isWhole: true }
const SOMETHING_ASKED: Conditions = { spans: new Map(), isWhole: false }

function askedBy(name: string, wanted: unknown): readonly Conditions[] {
  if (name === "$and") {
    return (wanted as readonly Where[]).map(alternativesOf).reduce(paired, [NOTHING_ASKED])
  }
  if (name === "$or") return joined((wanted as readonly Where[]).flatMap(alternativesOf))
  if (name === "$not") return [SOMETHING_ASKED]
  return [isComparison(wanted) ? compared(name, wanted) : held(name, pointSpan(wanted))]
}

function compared(field: string, comparison: Comparison): Conditions {
  return Object.entries(comparison)
    .map(([name, operand]) => SPANS[name as keyof Comparison]?.(operand))
    .map((span) => (span === undefined ? SOMETHING_ASKED : held(field, span)))
    .reduce(both, NOTHING_ASKED)
}

function held(field: string, span: Span): Conditions {
  return { spans: new Map([[field, span]]), isWhole: true }
}

/** One of these and one of those must be met. */
function paired(some: readonly Conditions[], others: readonly Conditions[]): readonly Conditions[] {
  if (some.length * others.length > MOST) return some.map((one) => both(one, SOMETHING_ASKED))
  return some.flatMap((one) => others.map((other) => both(one, other)))
}

function both(one: Conditions, other: Conditions): Conditions {
  const spans = new Map(one.spans)
  for (const [field, span] of other.spans) {
    const known = spans.get(field)
    spans.set(field, known === undefined ? span : overlap(known, span))
  }
  return { spans, isWhole: one.isWhole && other.isWhole }
}

/** The same alternatives; those that ask the same field, and no other, are one. */
function joined(alternatives: readonly Conditions[]): readonly Conditions[] {
  const byField = Map.groupBy(alternatives, ({ spans }) =>
    spans.size === 1 ? [...spans.keys()][0] : undefined,
  )
  return [...byField].flatMap(([field, some]) => {
    if (field === undefined) return some
    const spans = some.flatMap((one) => one.spans.get(field) ?? [])
    return {
      spans: new Map([[field, anyOf(spans)]]),
      isWhole: some.every(({ isWhole }) => isWhole),
    }
  })
}

function anyOf(spans: readonly Span[]): Span {
  const ranges = union(spans.flatMap((span) => span.ranges))
  return { ranges, isExact: spans.every(({ isExact }) => isExact) }
}

function overlap(a: Span, b: Span): Span {
  const ranges: FieldRange[] = []
  for (let [i, j] = [0, 0]; ; ) {
    const [one, other] = [a.ranges[i], b.ranges[j]]
    if (one === undefined || other === undefined) break
    const from = compareKeys(one.from, other.from) < 0 ? other.from : one.from
    const isFirst = compareKeys(one.to, other.to) < 0
    const to = isFirst ? one.to : other.to
    const isPoint = one.isPoint || other.isPoint
    if (compareKeys(from, to) < 0) ranges.push({ from, to, isPoint })
    if (isFirst) i++
    else j++
  }
  return { ranges, isExact: a.isExact && b.isExact }
}

function pointOf(span: Span | undefined): IndexKey | undefined {
  const [only, more] = span?.ranges ?? []
  return more === undefined && only?.isPoint === true ? only.from : undefined
}

/** For each comparison the span that it means; none for what says nothing about the place. */
const SPANS: { readonly [Name in keyof Comparison]?: (operand: unknown) => Span | undefined } = {
  $eq: pointSpan,
  $in: (operand) => anyOf((operand as readonly unknown[]).map(pointSpan)),
  $gt: (operand) => rangeSpan(operand, (place, { to }) => [above(place), to]),
  $gte: (operand) => rangeSpan(operand, (place, { to }) => [place, to]),
  $lt: (operand) => rangeSpan(operand, (place, { from }) => [from, place]),
  $lte: (operand) => rangeSpan(operand, (place, { from }) => [from, above(place)]),
  $prefix: (operand) => {
    if (typeof operand !== "string") return undefined
    const from = textStart(operand)
    return { ranges: [{ from, to: above(from), isPoint: false }], isExact: true }
  },
}

function pointSpan(value: unknown): Span {
  const from = fieldKey(value)
  // Objects and arrays share one place.
  const isExact = typeof value !== "object" || value === null
  return { ranges: [{ from, to: above(from), isPoint: true }], isExact }
}

/** A range among the values of the operand's type: sizes are compared inside one type only. */
function rangeSpan(
  operand: unknown,
  bounds: (place: IndexKey, type: PlaceRange) => readonly [IndexKey, IndexKey],
): Span | undefined {
  if (typeof operand !== "number" && typeof operand !== "string") return undefined
  const [from, to] = bounds(fieldKey(operand), TYPES[typeof operand as keyof typeof TYPES])
  const ranges = compareKeys(from, to) < 0 ? [{ from, to, isPoint: false }] : []
  return { ranges, isExact: true }
}

/** Where the values of one type lie. */
const TYPES: Readonly<Record<"number" | "string", PlaceRange>> = {
  // What is no number is no smaller and no larger.
  number: { from: Uint8Array.of(TAG.number), to: above(fieldKey(Number.POSITIVE_INFINITY)) },
  string: { from: Uint8Array.of(TAG.text), to: Uint8Array.of(TAG.rest) },
}

/** The bytes of a field begin with its type, so that there is always something above. */
function above(place: IndexKey): IndexKey {
  return keyAfter(place) as IndexKey
}
