import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { cborCodec } from "../../src/codecs/cbor.ts"
import { codecLaws, text, values } from "./laws.ts"
import { greedy, hex, nested, trial } from "./trial.ts"

const leaf = fc.oneof(
  fc.constantFrom(null, true, false, undefined),
  fc.double(),
  fc.maxSafeInteger(),
  fc.bigInt(),
  text,
  fc.date({ noInvalidDate: true }),
  fc.uint8Array(),
)

describe("cborCodec", () => {
  codecLaws(cborCodec, values(leaf))

  const { encode, decode, carry, refuses, isCorrupt } = trial(cborCodec)

  it("Z10 writes standard CBOR: shortest forms, names in order, dates as tag 0, bigints as tags 2 and 3", () => {
    expect(encode({ b: 1.5, a: [-1, "ü"] })).toEqual(hex("a2 6161 82 20 62c3bc 6162 f93e00"))
    expect(encode(new Date(0))).toEqual(
      new Uint8Array([0xc0, 0x78, 24, ...Buffer.from("1970-01-01T00:00:00.000Z")]),
    )
    expect([encode(256n), encode(-1n)]).toEqual([hex("c2 42 0100"), hex("c3 41 00")])
  })

  it("Z10 carries bytes apart from what it was given and what is stored", () => {
    const bytes = Uint8Array.of(1, 2, 3)
    const data = encode(bytes) as Uint8Array
    const back = decode(data) as Uint8Array
    bytes[0] = 9
    back[1] = 9
    expect(decode(data)).toEqual(Uint8Array.of(1, 2, 3))
  })

  it("Z10 carries a date to the millisecond, however far", () => {
    for (const time of [8.64e15, -8.64e15, 8.64e15 - 1, -1, 253_402_300_800_001]) {
      expect(carry(new Date(time))).toEqual(new Date(time))
    }
  })

  it("Z10 refuses Maps, Sets, typed arrays and text that is not well-formed", () => {
    refuses({ a: new Map() }, "a")
    refuses([new Set()], "[0]")
    refuses({ a: new Uint16Array(1) }, "a")
    refuses({ a: Buffer.from("x") }, "a")
    refuses({ a: "\ud800" }, "a")
    refuses({ "\udc00": 1 }, "\udc00")
  })

  it("Z10 calls broken text, unknown tags, repeated names and long forms corrupt", () => {
    isCorrupt(hex("62 c328"))
    isCorrupt(hex("d823 6161"))
    isCorrupt(hex("a2 6161 01 6161 02"))
    isCorrupt(hex("1801"))
    isCorrupt(hex("9f ff"))
    isCorrupt(hex("c0 6161"))
    isCorrupt(hex("c2 01"))
  })

  it("G14 sets no prototype", () => {
    refuses(JSON.parse('{"__proto__":1}'), "")
    isCorrupt(hex("a1 69 5f5f70726f746f5f5f a1 68 706f6c6c75746564 f5"))
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false)
  })

  it("G14 calls data corrupt that promises more than there is, or nests without end", () => {
    isCorrupt(hex("9a ffffffff"))
    isCorrupt(hex("ba ffffffff"))
    isCorrupt(hex("5b 00ffffffffffffff"))
    isCorrupt(greedy(0x9a, 100_000))
    isCorrupt(nested("81", 1_000_000))
    isCorrupt(nested("c1", 1_000_000))
  })

  it("G14 reads a bigint of a million bytes", () => {
    const data = new Uint8Array(1_000_006).fill(0xff)
    data.set(hex("c3 5a 000f4240"))
    expect(decode(data)).toBe(-(2n ** 8_000_000n))
  })
})
