/** So many parts of a value are looked at; the others are taken to be like them. */
const LOOKED_AT = 1_000

/** What each value takes besides its parts, and its place in another one, in bytes. */
const BASE = 16

/**
 * What a value takes in memory, about, in bytes: counted by its texts, its bytes and the number of
 * its parts. A guess for what is large, but never a long look.
 */
export function weightOf(value: unknown): number {
  return weigh(value, { left: LOOKED_AT })
}

/** How many parts may still be looked at. */
interface Looks {
  left: number
}

function weigh(value: unknown, looks: Looks): number {
  looks.left--
  if (typeof value === "string") return BASE + 2 * value.length
  if (typeof value !== "object" || value === null) return BASE
  if (ArrayBuffer.isView(value)) return BASE + value.byteLength
  if (Array.isArray(value)) return weighItems(value, looks)
  if (value instanceof Map) return weighItems([...value].flat(), looks)
  if (value instanceof Set) return weighItems([...value], looks)
  return weighFields(value as Readonly<Record<string, unknown>>, looks)
}

function weighItems(items: readonly unknown[], looks: Looks): number {
  let weight = 0
  let looked = 0
  for (; looked < items.length && looks.left > 0; looked++) weight += weigh(items[looked], looks)
  return sumOf(weight, looked, items.length)
}

function weighFields(fields: Readonly<Record<string, unknown>>, looks: Looks): number {
  let weight = 0
  let looked = 0
  let count = 0
  for (const name in fields) {
    count++
    if (looks.left <= 0) continue
    weight += weigh(fields[name], looks)
    looked++
  }
  return sumOf(weight, looked, count)
}

/** Of parts that weigh so much as far as they were looked at; where none was, each is one of the smallest. */
function sumOf(weight: number, looked: number, count: number): number {
  const all = looked === 0 ? BASE * count : (weight * count) / looked
  return 2 * BASE + BASE * count + all
}
