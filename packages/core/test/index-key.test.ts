import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { compareKeys, indexKey, keyAfter, textStart } from "../src/index-key.ts"
import { compareJson } from "../src/order.ts"

const number = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer(),
  fc.constantFrom(0, -0, 5e-324, -5e-324, 2.2250738585072014e-308, 1e308, -1e308),
)

/** Texts in which the borders of the encoding are near, surrogates that stand alone too. */
const text = fc
  .array(
    fc
      .constantFrom("", "\0", "\u0001", "\u0002", "a", "\x7f", "é", "\u07ff", "\u0800", "\ud7ff")
      .chain((part) =>
        fc.constantFrom(part, "\ud800", "\udbff", "\udc00", "\udfff", "\ue000", "\uffff", "😀"),
      ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(""))

const field = fc.oneof(
  fc.constantFrom(undefined, null, false, true, {}, [], { a: 1 }, [2]),
  number,
  text,
  fc.string({ unit: "binary" }),
)

const FIELDS = ["a", "b.c", "d"]

function recordOf([a, c, d]: readonly unknown[]): unknown {
  const value: Record<string, unknown> = { b: c === undefined ? {} : { c } }
  if (a !== undefined) value.a = a
  if (d !== undefined) value.d = d
  return value
}

/** The order of several fields, one after the other. */
function compareAll(a: readonly unknown[], b: readonly unknown[]): number {
  for (const [index, one] of a.entries()) {
    const order = compareJson(one, b[index])
    if (order !== 0) return Math.sign(order)
  }
  return 0
}

describe("indexKey", () => {
  it("Z1 orders byte by byte as compareJson orders the fields, one after the other", () => {
    const several = fc.tuple(field, field, field)
    fc.assert(
      fc.property(several, several, (a, b) => {
        const [one, other] = [indexKey(FIELDS, recordOf(a)), indexKey(FIELDS, recordOf(b))]
        expect(Math.sign(compareKeys(one, other))).toBe(compareAll(a, b))
        expect(Buffer.compare(one, other)).toBe(compareAll(a, b))
      }),
      { numRuns: 5_000 },
    )
  })

  it("Z1 gives no field bytes that those of another one begin with", () => {
    fc.assert(
      fc.property(field, field, (a, b) => {
        const [one, other] = [indexKey(["f"], { f: a }), indexKey(["f"], { f: b })]
        const begins = Buffer.compare(one, other.subarray(0, one.length)) === 0
        expect(begins).toBe(compareJson(a, b) === 0)
      }),
      { numRuns: 5_000 },
    )
  })

  it("Z1 puts what is no number above all numbers and below texts", () => {
    const place = (f: unknown) => indexKey(["f"], { f })
    expect(compareKeys(place(Number.NaN), place(Number.POSITIVE_INFINITY))).toBeGreaterThan(0)
    expect(compareKeys(place(Number.NaN), place(""))).toBeLessThan(0)
  })

  it("Z1 finds a name that has a dot, and no field of a prototype", () => {
    expect(indexKey(["b.c"], { "b.c": 1 })).toEqual(indexKey(["b.c"], { b: { c: 1 } }))
    expect(indexKey(["constructor"], {})).toEqual(indexKey(["x"], {}))
  })
})

describe("textStart", () => {
  it("Z1 bounds exactly the texts with a beginning", () => {
    fc.assert(
      fc.property(text, text, text, (beginning, rest, other) => {
        const [from, to] = [textStart(beginning), keyAfter(textStart(beginning))]
        const within = (f: string) => {
          const place = indexKey(["f"], { f })
          return compareKeys(place, from) >= 0 && to !== undefined && compareKeys(place, to) < 0
        }
        expect(within(beginning + rest)).toBe(true)
        expect(within(other)).toBe(other.startsWith(beginning))
      }),
      { numRuns: 3_000 },
    )
  })
})

describe("keyAfter", () => {
  it("Z1 is the least place above all that begin so", () => {
    expect(keyAfter(Uint8Array.of(1, 2))).toEqual(Uint8Array.of(1, 3))
    expect(keyAfter(Uint8Array.of(1, 0xff, 0xff))).toEqual(Uint8Array.of(2))
    expect(keyAfter(Uint8Array.of(0xff))).toBeUndefined()
    expect(keyAfter(new Uint8Array())).toBeUndefined()
  })
})
