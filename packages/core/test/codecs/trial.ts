import { expect } from "vitest"
import { type Codec, decodeValue, encodeValue } from "../../src/codec.ts"

/** A codec as a store uses it, for the entry u/a. */
export function trial<V>(codec: Codec<V>) {
  const encode = (value: unknown) => encodeValue(codec as Codec, "u", "a", value)
  const decode = (data: string | Uint8Array) => decodeValue(codec, "u", "a", data)
  return {
    encode,
    decode,
    /** The value after a way there and back. */
    carry: (value: unknown) => decode(encode(value)),
    refuses(value: unknown, path: string): void {
      const details = { kind: "u", key: "a", codec: codec.name, path }
      const refusal = expect.objectContaining({ code: "invalid_value", details })
      expect(() => encode(value)).toThrow(refusal)
    },
    isCorrupt(data: string | Uint8Array): void {
      const details = { kind: "u", key: "a", codec: codec.name }
      expect(() => decode(data)).toThrow(expect.objectContaining({ code: "corrupt", details }))
    },
  }
}

/** Bytes from hexadecimal. */
export function hex(digits: string): Uint8Array {
  const pairs = digits.match(/[0-9a-f]{2}/g) ?? []
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16))
}

/** So many arrays in one another, by the bytes that open one. */
export function nested(open: string, count: number): Uint8Array {
  return hex(open.repeat(count))
}

/** Arrays in one another, each of which promises as many items as bytes follow it. */
export function greedy(head: number, count: number): Uint8Array {
  const bytes = new Uint8Array(5 * count)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < bytes.length; at += 5) {
    view.setUint8(at, head)
    view.setUint32(at + 1, bytes.length - at - 5)
  }
  return bytes
}
