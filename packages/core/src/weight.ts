/** So many parts of a value are looked at; the others are taken to be like them. */
const LOOKED_AT = 1_000

/** What each value takes besides its parts, in bytes. */
const BASE = 16

/**
 * What a value takes in memory, about, in bytes: counted by its texts, its bytes and the number of
 * its parts. A guess for what is large, but never a long look.
 */
export function weightOf(value: unknown): number {
  return weigh(value, { left: LOOKED_AT })
}

function weigh(value: unknown, looks: { left: number }): number {
  looks.left--
  if (typeof value === "string") return BASE + 2 * value.length
  if (typeof value !== "object" || value === null) return BASE
  if (ArrayBuffer.isView(value)) return BASE + value.byteLength
  const parts = partsOf(value)
  let weight = 0
  let looked = 0
  for (const part of parts) {
    if (looks.left <= 0) break
    weight += BASE + weigh(part, looks)
    looked++
  }
  // Where nothing was looked at, each part counts as one of the smallest.
  const all = looked === 0 ? 2 * BASE * parts.length : (weight * parts.length) / looked
  return 2 * BASE + all
}

function partsOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (value instanceof Map) return [...value].flat()
  if (value instanceof Set) return [...value]
  return Object.values(value)
}
