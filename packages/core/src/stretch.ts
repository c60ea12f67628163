import { type IndexKey, joinKeys, keyAfter, TAG } from "./index-key.ts"
import type { Conditions, PlaceRange, Span } from "./span.ts"

/** What an index tells of some conditions. */
export interface Stretch {
  /** One for all combinations of the values that the fixed fields may have. */
  readonly lanes: readonly Lane[]
  readonly ranges: readonly PlaceRange[]
  /** Whether everything that lies there meets them. */
  readonly isExact: boolean
  /** How many of its first fields are held to single values. */
  readonly fixed: number
  /** How much that narrows; 0 where it does not. */
  readonly worth: number
}

/** What of an index has places with one beginning. */
export interface Lane {
  readonly start: IndexKey
  /** In order, and no place in two of them. */
  readonly ranges: readonly PlaceRange[]
}

/** The places that all keys of an index have: below the end of the types. */
const LAST = Uint8Array.of(TAG.end)

/** In more ranges than that no index is read. */
const MOST_RANGES = 10_000

/** How far the first fields of an index are held by some conditions. */
export function stretchOf({ spans, isWhole }: Conditions, fields: readonly string[]): Stretch {
  let starts: readonly IndexKey[] = [new Uint8Array()]
  let within: Span["ranges"] | undefined
  let fixed = 0
  for (const field of fields) {
    const ranges = spans.get(field)?.ranges
    if (ranges === undefined || starts.length * ranges.length > MOST_RANGES) break
    if (!ranges.every(({ isPoint }) => isPoint)) {
      within = ranges
      break
    }
    starts = starts.flatMap((start) => ranges.map(({ from }) => joinKeys(start, from)))
    fixed++
  }
  const lanes = starts.map((start) => ({ start, ranges: laneRanges(start, within) }))
  const used = fields.slice(0, within === undefined ? fixed : fixed + 1)
  return {
    lanes,
    ranges: lanes.flatMap(({ ranges }) => ranges),
    isExact:
      isWhole &&
      spans.size === new Set(used).size &&
      used.every((field) => spans.get(field)?.isExact),
    fixed,
    worth: fixed * 4 + (within === undefined ? 0 : 1),
  }
}

/** All that begins so, or what of it lies in the ranges of the next field. */
function laneRanges(start: IndexKey, within: Span["ranges"] | undefined): readonly PlaceRange[] {
  if (within === undefined) return [{ from: start, to: keyAfter(start) ?? LAST }]
  return within.map(({ from, to }) => ({ from: joinKeys(start, from), to: joinKeys(start, to) }))
}
