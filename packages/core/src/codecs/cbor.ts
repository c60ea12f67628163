import {
  type DecodeOptions,
  decode,
  type EncodeOptions,
  encode,
  type TagDecoder,
  Token,
  Tokenizer,
  Type,
} from "cborg"
import type { Codec } from "../codec.ts"
import { host } from "../host.ts"
import { bytesOf } from "./data.ts"
import { type Model, modelled } from "./model.ts"

const MODEL: Model = { format: "CBOR", extras: ["undefined", "bigint", "Date", "bytes"] }

/**
 * JSON's model and, besides, `undefined` inside, every number, bigints, Dates and bytes
 * (`Uint8Array`), as CBOR (RFC 8949), through the package cborg. Maps, Sets, other typed arrays,
 * cycles, class instances, functions, invalid Dates, text with a lone surrogate and the name
 * `__proto__` are refused with their path.
 */
export const cborCodec: Codec = {
  name: "cbor",
  encode: (value) => encode(modelled(value, MODEL), WRITING),
  decode: (data) => {
    const tokenizer = new Utf8Tokenizer(bytesOf(data), READING)
    return modelled(decode(bytesOf(data), { ...READING, tokenizer }), MODEL)
  },
}

const DATE_TAG = 0
const BIGINT_TAG = 2
const NEGATIVE_BIGINT_TAG = 3

const WRITING: EncodeOptions = {
  typeEncoders: {
    number: (value: number) => (Object.is(value, -0) ? new Token(Type.float, value) : null),
    // As text: seconds in a float, the other form, lose milliseconds far from 1970.
    Date: (value: Date) => [
      new Token(Type.tag, DATE_TAG),
      new Token(Type.string, value.toISOString()),
    ],
    // Always tagged: a small one written as an integer would come back as a number.
    bigint: (value: bigint) =>
      value < 0n
        ? [new Token(Type.tag, NEGATIVE_BIGINT_TAG), new Token(Type.bytes, toBytes(-1n - value))]
        : [new Token(Type.tag, BIGINT_TAG), new Token(Type.bytes, toBytes(value))],
  },
}

const readDate: TagDecoder = (inner) => {
  const text = inner()
  const date = new Date(text as string)
  if (date.toISOString() !== text) throw new Error(`${String(text)} is no date`)
  return date
}

const READING: DecodeOptions = {
  strict: true,
  allowIndefinite: false,
  rejectDuplicateMapKeys: true,
  retainStringBytes: true,
  // No tag but these is known, so none can make an object of a class.
  tags: {
    [DATE_TAG]: readDate,
    [BIGINT_TAG]: (inner) => toBigint(inner()),
    [NEGATIVE_BIGINT_TAG]: (inner) => -1n - toBigint(inner()),
  },
}

/** Reads text exactly: cborg's own way drops a byte order mark and lets broken UTF-8 pass. */
class Utf8Tokenizer extends Tokenizer {
  override next(): Token {
    const token = super.next()
    if (token.byteValue !== undefined) token.value = utf8.decode(token.byteValue)
    return token
  }
}

const utf8 = new host.TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

function toBytes(value: bigint): Uint8Array {
  const digits = value.toString(16)
  const pairs = digits.padStart(digits.length + (digits.length % 2), "0").match(/../g) ?? []
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16))
}

function toBigint(bytes: unknown): bigint {
  if (!(bytes instanceof Uint8Array)) throw new Error("A bigint is written in bytes")
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
  return BigInt(`0x0${digits.join("")}`)
}
