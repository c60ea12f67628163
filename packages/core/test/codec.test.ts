import { describe, expect, it } from "vitest"
import { type Codec, checkCodec, decodeValue, encodeValue } from "../src/codec.ts"
import { StoreError } from "../src/errors.ts"

const plain: Codec = {
  name: "plain",
  encode: (value) => String(value),
  decode: (data) => data,
}

describe("encodeValue", () => {
  it("Z10 gives what the codec gives, as bytes that nobody else can change", () => {
    const held = Buffer.from("bytes")
    const bytes = encodeValue({ ...plain, encode: () => held }, "u", "a", 1)
    held[0] = 0
    expect(bytes).toStrictEqual(new Uint8Array(Buffer.from("bytes")))
    expect(encodeValue(plain, "u", "a", "text")).toBe("text")
  })

  it("Z10 turns whatever a codec throws into invalid_value that names codec, kind and key", () => {
    for (const thrown of [new RangeError("too big"), "text", null, Object.create(null)]) {
      const throwing = failing({ encode: thrown })
      const error = caught(() => encodeValue(throwing, "u", "a", 1))
      expect([error.code, error.details]).toEqual([
        "invalid_value",
        { kind: "u", key: "a", codec: "plain" },
      ])
      expect(error.cause).toBe(thrown)
    }
    const error = caught(() => encodeValue(failing({ encode: new Error("too big") }), "u", "a", 1))
    expect(error.message).toBe("u/a: the codec plain cannot encode the value: too big")
  })

  it("Z10 passes on the path that a codec knows", () => {
    const refusal = new StoreError("invalid_value", "no", { details: { path: "a.b" } })
    const error = caught(() => encodeValue(failing({ encode: refusal }), "u", "a", 1))
    expect(error.details).toEqual({ kind: "u", key: "a", codec: "plain", path: "a.b" })
  })

  it("Z10 refuses undefined, and what is neither text nor bytes", () => {
    const giving = (data: unknown) => ({ ...plain, encode: () => data as string })
    expect(caught(() => encodeValue(plain, "u", "a", undefined)).code).toBe("invalid_value")
    for (const data of [
      1,
      undefined,
      null,
      [1],
      "\ud800",
      new ArrayBuffer(1),
      Promise.resolve(""),
    ]) {
      expect(caught(() => encodeValue(giving(data), "u", "a", 1)).code).toBe("invalid_value")
    }
  })
})

describe("decodeValue", () => {
  it("Z10 gives the codec bytes of its own", () => {
    const stored = Uint8Array.of(1, 2)
    const bytes = decodeValue(plain, "u", "a", stored) as Uint8Array
    bytes[0] = 9
    expect(stored).toEqual(Uint8Array.of(1, 2))
    expect(decodeValue(plain, "u", "a", "text")).toBe("text")
  })

  it("Z10 turns whatever a codec throws into corrupt that names codec, kind and key", () => {
    for (const thrown of [new Error("odd"), new StoreError("conflict", "odd"), "text", undefined]) {
      const error = caught(() => decodeValue(failing({ decode: thrown }), "u", "a", "data"))
      expect([error.code, error.details, error.cause]).toEqual([
        "corrupt",
        { kind: "u", key: "a", codec: "plain" },
        thrown,
      ])
    }
    const error = caught(() => decodeValue(failing({ decode: new Error("odd") }), "u", "a", ""))
    expect(error.message).toContain("u/a: the codec plain cannot read what is stored: odd. ")
  })

  it("Z10 calls it corrupt when a codec gives undefined or a promise", () => {
    for (const value of [undefined, Promise.resolve(1)]) {
      const codec = { ...plain, decode: () => value }
      expect(caught(() => decodeValue(codec, "u", "a", "data")).code).toBe("corrupt")
    }
  })
})

describe("checkCodec", () => {
  it("Z10 accepts a codec, plain or of a class", () => {
    class Reversing implements Codec<string> {
      readonly name = "reversing"
      encode(value: string) {
        return [...value].reverse().join("")
      }
      decode(data: string | Uint8Array) {
        return this.encode(String(data))
      }
    }
    for (const codec of [plain, new Reversing()]) expect(() => checkCodec(codec)).not.toThrow()
    expect(encodeValue(new Reversing() as Codec, "u", "a", "ab")).toBe("ba")
    expect(decodeValue(new Reversing(), "u", "a", "ba")).toBe("ab")
  })

  it("Z10 refuses what is no codec, or has a name that cannot be stored", () => {
    const odd = [null, undefined, 1, "json", {}, { ...plain, encode: undefined }, { name: "x" }]
    const names = ["", 7, undefined, "\ud800", "n".repeat(201)].map((name) => ({ ...plain, name }))
    for (const codec of [...odd, ...names]) {
      expect(caught(() => checkCodec(codec)).code).toBe("invalid_value")
    }
  })
})

function failing(thrown: { encode?: unknown; decode?: unknown }): Codec {
  const fail = (error: unknown) => () => {
    throw error
  }
  return { name: "plain", encode: fail(thrown.encode), decode: fail(thrown.decode) }
}

function caught(call: () => unknown): StoreError {
  try {
    call()
  } catch (error) {
    if (error instanceof StoreError) return error
    throw error
  }
  throw new Error("nothing was thrown")
}
