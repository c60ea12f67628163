import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { jsonCodec } from "../../src/codecs/json.ts"
import { codecLaws, text, values } from "./laws.ts"
import { trial } from "./trial.ts"

const leaf = fc.oneof(
  fc.constantFrom(null, true, false),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.maxSafeInteger(),
  text,
)

describe("jsonCodec", () => {
  codecLaws(jsonCodec, values(leaf))

  const { encode, decode, carry, refuses, isCorrupt } = trial(jsonCodec)

  it("Z10 writes plain JSON, with the names in order", () => {
    expect(encode({ b: [1, "x"], a: { d: null, c: -0 } })).toBe(
      '{"a":{"c":0,"d":null},"b":[1,"x"]}',
    )
  })

  it("Z10 refuses what JSON would drop, alter or write as text", () => {
    refuses({ a: undefined }, "a")
    refuses({ a: [Number.NaN] }, "a[0]")
    refuses({ a: 1n }, "a")
    refuses({ a: new Date(0) }, "a")
    refuses({ a: new Map() }, "a")
    refuses(new Uint8Array(1), "")
  })

  it("Z10 calls numbers and depths that it never wrote corrupt", () => {
    isCorrupt("[1e999]")
    isCorrupt("[".repeat(501) + "]".repeat(501))
    isCorrupt("[".repeat(1_000_000))
  })

  it("G14 keeps __proto__ as data, in both directions", () => {
    const hostile = decode('{"__proto__":{"polluted":true}}') as { polluted?: boolean }
    expect(hostile.polluted).toBeUndefined()
    expect(Object.hasOwn(hostile, "__proto__")).toBe(true)
    expect(Object.hasOwn(carry(hostile) as object, "__proto__")).toBe(true)
  })
})
