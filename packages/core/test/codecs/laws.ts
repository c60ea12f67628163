import { isDeepStrictEqual } from "node:util"
import fc from "fast-check"
import { expect, it } from "vitest"
import type { Codec } from "../../src/codec.ts"
import { StoreError } from "../../src/errors.ts"
import { trial } from "./trial.ts"

/** Text with all that a format might trip over, and no lone surrogate. */
export const text: fc.Arbitrary<string> = fc
  .oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.string({
      unit: fc.constantFrom(
        ..."\r\n\t \0\x07\x7f\u0085\u2028\u2029\ufeff:#-?|>%@`!&*'\"\\[]{},~=<.",
        "é",
        "😀",
      ),
    }),
    fc.constantFrom(
      "null",
      "true",
      ".nan",
      "1e3",
      "0x1F",
      "-0",
      "---",
      "...",
      "<<",
      "=",
      "~",
      "constructor",
    ),
    fc.string({ minLength: 200, maxLength: 300, unit: "binary" }),
  )
  .filter((value) => value.isWellFormed())

/** Names of an object. */
export const name: fc.Arbitrary<string> = fc
  .oneof(fc.constantFrom("a", "b", "10", "9", "toString", "toJSON", "then"), text)
  .filter((value) => value !== "__proto__")

/** Values of arrays and plain objects over some leaves, and of what else can hold values. */
export function values(
  leaf: fc.Arbitrary<unknown>,
  names: fc.Arbitrary<string> = name,
  nest: (part: fc.Arbitrary<unknown>) => readonly fc.Arbitrary<unknown>[] = () => [],
): fc.Arbitrary<unknown> {
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(names, tie("value"), { maxKeys: 4, noNullPrototype: true }),
      ...nest(tie("value")),
    ),
  }))
  return value.filter((part) => part !== undefined)
}

/** What holds for every codec and the values of its model. */
export function codecLaws(codec: Codec, model: fc.Arbitrary<unknown>): void {
  const { encode, decode, carry, refuses, isCorrupt } = trial(codec)

  it("Z10 gives back what it took, and freezes what can be frozen", () => {
    fc.assert(
      fc.property(model, (value) => {
        const back = carry(value)
        // Not toEqual: it takes a field `constructor` for a class.
        expect(isDeepStrictEqual(back, value)).toBe(true)
        expect(isFrozen(back)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it("Z10 gives equal data for equal values, in whatever order their names are", () => {
    fc.assert(
      fc.property(model, (value) => {
        expect(encode(reordered(value))).toStrictEqual(encode(value))
        expect(encode(carry(value))).toStrictEqual(encode(value))
      }),
    )
  })

  it("Z10 calls data that is cut off or changed corrupt, or reads a value of its model", () => {
    fc.assert(
      fc.property(model, fc.nat(), fc.nat(), fc.nat(255), (value, cut, place, byte) => {
        const data = encode(value)
        const end = cut % (data.length + 1)
        if (typeof data !== "string" && end < data.length) isCorrupt(data.slice(0, end))
        const at = place % (data.length + 1)
        readsOrIsCorrupt(data.slice(0, end))
        readsOrIsCorrupt(
          typeof data === "string"
            ? data.slice(0, at) + String.fromCharCode(byte) + data.slice(at + 1)
            : data.map((old, index) => (index === at ? byte : old)),
        )
      }),
    )
  })

  it("Z10 calls random data corrupt, or reads a value of its model", () => {
    const data = typeof encode("") === "string" ? fc.oneof(text, fc.json()) : fc.uint8Array()
    fc.assert(fc.property(data, readsOrIsCorrupt), { numRuns: 1_000 })
  })

  it("Z10 calls text corrupt where it wrote bytes, and bytes where it wrote text", () => {
    const other = typeof encode("") === "string" ? new TextEncoder().encode('"a"') : "a"
    isCorrupt(other)
  })

  it("Z10 names the path of what no codec carries", () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = [cycle]
    const hole = [1]
    hole[2] = 3
    const bad: [unknown, string][] = [
      [{ a: [0, () => 1] }, "a[1]"],
      [{ a: { b: Symbol("s") } }, "a.b"],
      [[new (class Money {})()], "[0]"],
      [{ a: /x/ }, "a"],
      [{ a: new Date(Number.NaN) }, "a"],
      [{ a: { [Symbol("s")]: 1 } }, "a"],
      [cycle, "self[0]"],
      [() => 1, ""],
    ]
    for (const [value, path] of bad) refuses(value, path)
    expect(() => encode(hole)).toThrow(expect.objectContaining({ code: "invalid_value" }))
  })

  it("Z10 carries 500 levels and refuses more", () => {
    const levels = (count: number) => {
      let value: unknown = 1
      for (let level = 0; level < count; level++) value = level % 2 === 0 ? [value] : { a: value }
      return value
    }
    expect(carry(levels(500))).toStrictEqual(levels(500))
    expect(() => encode(levels(501))).toThrow(expect.objectContaining({ code: "invalid_value" }))
  })

  it("Z10 carries the same object twice side by side", () => {
    const shared = { n: [1] }
    expect(carry([shared, shared])).toStrictEqual([{ n: [1] }, { n: [1] }])
  })

  function readsOrIsCorrupt(data: string | Uint8Array): void {
    let value: unknown
    try {
      value = decode(data)
    } catch (error) {
      expect(StoreError.is(error, "corrupt")).toBe(true)
      return
    }
    const again = encode(value)
    expect(encode(decode(again))).toStrictEqual(again)
  }
}

function isFrozen(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true
  if (value instanceof Map || value instanceof Set) return [...value].flat().every(isFrozen)
  if (value instanceof Date || ArrayBuffer.isView(value)) return true
  return Object.isFrozen(value) && Object.values(value).every(isFrozen)
}

function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered)
  if (typeof value !== "object" || value === null) return value
  if (value instanceof Map) return new Map([...value].map(([key, part]) => [key, reordered(part)]))
  if (value instanceof Set) return new Set([...value].map(reordered))
  if (value instanceof Date || ArrayBuffer.isView(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, part]) => [key, reordered(part)]),
  )
}
