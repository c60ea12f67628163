/** How long something took: for half of the times, for all but one of a hundred, and how often it was timed. */
export interface Percentiles {
  readonly p50: number
  readonly p99: number
  readonly count: number
}

export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99), count: sorted.length }
}
