import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { devalueCodec } from "../../src/codecs/devalue.ts"
import { codecLaws, name, text, values } from "./laws.ts"
import { trial } from "./trial.ts"

const leaf = fc.oneof(
  fc.constantFrom(null, true, false, undefined),
  fc.double(),
  fc.integer(),
  fc.bigInt(),
  text,
  fc.date({ noInvalidDate: true }),
  fc.uint8Array(),
  fc.int16Array(),
  fc.float64Array(),
  fc.bigUint64Array(),
)
const model = values(leaf, name, (part) => [
  fc.array(fc.tuple(part, part), { maxLength: 3 }).map((entries) => new Map(entries)),
  fc.array(part, { maxLength: 3 }).map((items) => new Set(items)),
])

describe("devalueCodec", () => {
  codecLaws(devalueCodec, model)

  const { encode, carry, refuses, isCorrupt } = trial(devalueCodec)

  it("Z10 writes only the bytes that a typed array shows", () => {
    const bytes = Uint8Array.of(1, 2, 3, 4)
    expect(encode(bytes.subarray(1, 3))).toBe(encode(Uint8Array.of(2, 3)))
    expect((carry(bytes.subarray(1, 3)) as Uint8Array).buffer.byteLength).toBe(2)
  })

  it("Z10 refuses what would come back as something else", () => {
    refuses({ a: [Buffer.from("x")] }, "a[0]")
    refuses({ a: new Map([["k", new Set([Object(1)])]]) }, "a[0][0]")
    refuses({ a: new ArrayBuffer(1) }, "a")
    refuses({ a: "\ud800" }, "a")
  })

  it("Z10 calls data corrupt that stands for other classes", () => {
    for (const data of [
      '[["RegExp","a"]]',
      '[["Object",1],5]',
      '[["URL","a:b"]]',
      '[["Date",""]]',
    ]) {
      isCorrupt(data)
    }
  })

  it("G14 calls data corrupt that refers back, has holes without end, or sets a prototype", () => {
    isCorrupt("[[0]]")
    isCorrupt("[[1,1],[]]")
    const doubling = Array.from({ length: 64 }, (_, index) => [index + 1, index + 1])
    isCorrupt(JSON.stringify([...doubling, "end"]))
    isCorrupt("[[-7,4294967295]]")
    isCorrupt('[{"__proto__":1},{"polluted":2},true]')
    isCorrupt('[["null","__proto__",1],1]')
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false)
  })

  it("G14 refuses the name __proto__", () => {
    refuses({ a: JSON.parse('{"__proto__":1}') }, "a")
  })
})
