import { fieldOf } from "./field.ts"

/**
 * Places in an index, as bytes: comparing two of them byte by byte gives what `compareJson` gives
 * for their fields, one after the other. No field's bytes begin with those of another one.
 */
export type IndexKey = Uint8Array

/** What the bytes of a field begin with, in the order of types. */
export const TAG = {
  absent: 1,
  null: 2,
  false: 3,
  true: 4,
  number: 5,
  text: 6,
  rest: 7,
  end: 8,
} as const

/** The place of a value in an index of some fields. */
export function indexKey(fields: readonly string[], value: unknown): IndexKey {
  const bytes: number[] = []
  for (const field of fields) pushField(bytes, fieldOf(value, field))
  return Uint8Array.from(bytes)
}

/** The bytes of one field; a `Date` in it counts as what `fieldOf` makes of it. */
export function fieldKey(field: unknown): IndexKey {
  const bytes: number[] = []
  pushField(bytes, field)
  return Uint8Array.from(bytes)
}

/** What the bytes of all texts with a beginning begin with. */
export function textStart(beginning: string): IndexKey {
  const bytes: number[] = [TAG.text]
  pushUnits(bytes, beginning)
  return Uint8Array.from(bytes)
}

/** The least place above all that begin with some bytes; `undefined` when there is none. */
export function keyAfter(start: IndexKey): IndexKey | undefined {
  let length = start.length
  while (length > 0 && start[length - 1] === 0xff) length--
  if (length === 0) return undefined
  const after = start.slice(0, length)
  after[length - 1] = (after[length - 1] ?? 0) + 1
  return after
}

/** Compares two places byte by byte. */
export function compareKeys(a: IndexKey, b: IndexKey): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const order = (a[index] ?? 0) - (b[index] ?? 0)
    if (order !== 0) return order
  }
  return a.length - b.length
}

/** One place behind another one. */
export function joinKeys(first: IndexKey, second: IndexKey): IndexKey {
  const joined = new Uint8Array(first.length + second.length)
  joined.set(first)
  joined.set(second, first.length)
  return joined
}

function pushField(bytes: number[], field: unknown): void {
  switch (typeof field) {
    case "undefined":
      bytes.push(TAG.absent)
      return
    case "boolean":
      bytes.push(field ? TAG.true : TAG.false)
      return
    case "number":
      bytes.push(TAG.number)
      pushNumber(bytes, field)
      return
    case "string":
      bytes.push(TAG.text)
      pushUnits(bytes, field)
      bytes.push(0)
      return
    default:
      bytes.push(field === null ? TAG.null : TAG.rest)
  }
}

const float = new DataView(new ArrayBuffer(8))

/** The eight bytes of a double, turned so that they are in its order: negative ones are inverted. */
function pushNumber(bytes: number[], number: number): void {
  float.setFloat64(0, number === 0 ? 0 : number) // There is one zero only.
  const invert = number < 0
  for (let index = 0; index < 8; index++) {
    const byte = float.getUint8(index)
    // What is no number, which some codecs carry, is above all numbers, whatever its bits.
    if (Number.isNaN(number)) bytes.push(0xff)
    else if (invert) bytes.push(byte ^ 0xff)
    else bytes.push(index === 0 ? byte | 0x80 : byte)
  }
}

/**
 * The UTF-16 units of a text in one to three bytes, as UTF-8 would write them if surrogates were
 * characters above all others: so the order is that of `compareText`, also where a surrogate stands
 * alone. 0 ends a text; what would begin with 0 or 1 begins with 1.
 */
function pushUnits(bytes: number[], text: string): void {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) {
      if (unit < 2) bytes.push(1)
      bytes.push(unit < 2 ? unit + 1 : unit)
      continue
    }
    const place = unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800
    if (place < 0x800) bytes.push(0xc0 | (place >> 6))
    else bytes.push(0xe0 | (place >> 12), 0x80 | ((place >> 6) & 0x3f))
    bytes.push(0x80 | (place & 0x3f))
  }
}
