import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { yamlCodec } from "../../src/codecs/yaml.ts"
import { codecLaws, text, values } from "./laws.ts"
import { trial } from "./trial.ts"

const leaf = fc.oneof(fc.constantFrom(null, true, false), fc.double(), fc.maxSafeInteger(), text)

describe("yamlCodec", () => {
  codecLaws(yamlCodec, values(leaf))

  const { encode, decode, carry, refuses, isCorrupt } = trial(yamlCodec)

  it("Z10 writes YAML as people do, with the names in order", () => {
    expect(encode({ theme: "dark", sizes: [1, 2.5], on: true, no: "no", nothing: "null" })).toBe(
      'no: no\nnothing: "null"\non: true\nsizes:\n  - 1\n  - 2.5\ntheme: dark\n',
    )
  })

  it("Z10 reads what people write", () => {
    expect(decode("# settings\ntheme: dark\ntext: |\n  one\n  two\nsizes: [1, 0x10]\n")).toEqual({
      theme: "dark",
      text: "one\ntwo\n",
      sizes: [1, 16],
    })
  })

  it("Z10 carries text that looks like something else, and long names", () => {
    for (const value of ["2001-12-14", "1e3", "~", "%YAML 1.1", "--- a", "\ufeff", " \n", "a: b"]) {
      expect(carry(value)).toBe(value)
      expect(carry({ [value]: [value] })).toEqual({ [value]: [value] })
    }
    expect(carry({ ["n".repeat(5_000)]: 1 })).toEqual({ ["n".repeat(5_000)]: 1 })
  })

  it("Z10 refuses what YAML has no plain form for", () => {
    refuses({ a: undefined }, "a")
    refuses({ a: 1n }, "a")
    refuses({ a: new Date(0) }, "a")
    refuses({ a: new Uint8Array(1) }, "a")
    refuses({ a: new Map() }, "a")
    refuses({ a: "\ud800" }, "a")
  })

  it("Z10 calls tags, two documents and broken text corrupt", () => {
    isCorrupt("!!set {a}\n")
    isCorrupt("!!binary aGk=\n")
    isCorrupt("!!js/function x\n")
    isCorrupt("a\n---\nb\n")
    isCorrupt("a: [1\n")
  })

  it("G14 sets no prototype, and follows no alias", () => {
    refuses(JSON.parse('{"__proto__":1}'), "")
    isCorrupt("__proto__:\n  polluted: true\n")
    isCorrupt("a: &a {polluted: true}\n<<: *a\n")
    isCorrupt("a: &a [x, x]\nb: [*a, *a]\n")
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false)
  })

  it.each(["[", "{", "- ", "? ", "{a: ", "a: ", "[a, ", "- - "])(
    "G14 calls %j without end corrupt",
    (part) => isCorrupt(part.repeat(50_000)),
  )
})
