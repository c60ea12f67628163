import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { msgpackCodec } from "../../src/codecs/msgpack.ts"
import { codecLaws, name, text, values } from "./laws.ts"
import { greedy, hex, nested, trial } from "./trial.ts"

// The library drops a byte order mark; so the codec refuses it.
const unmarked = (value: string) => !value.startsWith("\ufeff")
const leaf = fc.oneof(
  fc.constantFrom(null, true, false),
  fc.double().map((value) => value + 0),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  text.filter(unmarked),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array(),
)

describe("msgpackCodec", () => {
  codecLaws(msgpackCodec, values(leaf, name.filter(unmarked)))

  const { encode, decode, carry, refuses, isCorrupt } = trial(msgpackCodec)

  it("Z10 writes standard MessagePack, with the names in order", () => {
    expect(encode({ b: 1, a: [-1, "x"] })).toEqual(hex("82 a161 92 ff a178 a162 01"))
    expect(encode(new Date(1_000))).toEqual(hex("d6 ff 00000001"))
  })

  it("Z10 carries long arrays, maps, texts and bytes", () => {
    const many = Array.from({ length: 70_000 }, (_, index) => index)
    expect(carry(many)).toEqual(many)
    expect(carry(many.slice(0, 20))).toEqual(many.slice(0, 20))
    const named = Object.fromEntries(many.map((index) => [`n${index}`, index]))
    expect(carry(named)).toEqual(named)
    for (const length of [31, 32, 255, 256, 65_535, 65_536]) {
      expect(carry("é".repeat(length))).toBe("é".repeat(length))
      expect(carry(new Uint8Array(length))).toEqual(new Uint8Array(length))
    }
  })

  it("Z10 carries bytes apart from what it was given and what is stored", () => {
    const bytes = Uint8Array.of(1, 2, 3)
    const data = encode(bytes) as Uint8Array
    const back = decode(data) as Uint8Array
    bytes[0] = 9
    back[1] = 9
    expect(decode(data)).toEqual(Uint8Array.of(1, 2, 3))
  })

  it("Z10 refuses what the format or the library would alter", () => {
    refuses({ a: undefined }, "a")
    refuses({ a: 2n ** 64n }, "a")
    refuses({ a: -(2n ** 63n) - 1n }, "a")
    refuses({ a: "\ufefftext" }, "a")
    refuses({ a: "\ud800" }, "a")
    refuses({ a: new Map() }, "a")
    refuses({ a: new Float32Array(1) }, "a")
    refuses({ a: Buffer.from("x") }, "a")
  })

  it("Z10 calls unknown extensions, names that are no text and dates out of range corrupt", () => {
    isCorrupt(hex("d4 05 00"))
    isCorrupt(hex("81 01 02"))
    isCorrupt(hex("c1"))
    isCorrupt(hex("c7 0c ff 00000000 7fffffffffffffff"))
  })

  it("G14 sets no prototype", () => {
    refuses(JSON.parse('{"__proto__":1}'), "")
    isCorrupt(hex("81 a9 5f5f70726f746f5f5f 81 a8 706f6c6c75746564 c3"))
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false)
  })

  it("G14 calls data corrupt that promises more than there is, or nests without end", () => {
    isCorrupt(hex("dd ffffffff"))
    isCorrupt(hex("df ffffffff"))
    isCorrupt(hex("dc ffff c0"))
    isCorrupt(hex("db ffffffff"))
    isCorrupt(hex("c9 ffffffff 01"))
    isCorrupt(greedy(0xdd, 100_000))
    isCorrupt(nested("91", 1_000_000))
  })
})
