import { type DecoderOptions, decode, type EncoderOptions, encode } from "@msgpack/msgpack"
import type { Codec } from "../codec.ts"
import { MAX_DEPTH } from "../json.ts"
import { bytesOf } from "./data.ts"
import { type Model, modelled } from "./model.ts"
import { checkLengths } from "./msgpack-lengths.ts"

const MODEL: Model = { format: "MessagePack", extras: ["bigint", "Date", "bytes"], fault }

/**
 * JSON's model and, besides, NaN and infinities, bigints of 64 bits (-2^63 to 2^64 - 1), Dates and
 * bytes (`Uint8Array`), as MessagePack, through the package @msgpack/msgpack; `-0` becomes `0`.
 * `undefined`, larger bigints, Maps, Sets, other typed arrays, cycles, class instances, functions,
 * invalid Dates, text with a lone surrogate or a byte order mark in front, and the name `__proto__`
 * are refused with their path.
 */
export const msgpackCodec: Codec = {
  name: "msgpack",
  encode: (value) => encode(modelled(value, MODEL), WRITING),
  decode: (data) => {
    const bytes = bytesOf(data)
    checkLengths(bytes)
    return modelled(decode(bytes, READING), MODEL)
  },
}

const WRITING: EncoderOptions = { useBigInt64: true, maxDepth: MAX_DEPTH + 1 }
const READING: DecoderOptions = { useBigInt64: true, mapKeyConverter: asName }

function fault(value: string | bigint): string | undefined {
  // The library drops the mark of a long text when it reads it.
  if (typeof value === "string") {
    return value.startsWith("\ufeff") ? "text with a byte order mark in front" : undefined
  }
  const fits = value < 0n ? BigInt.asIntN(64, value) === value : BigInt.asUintN(64, value) === value
  return fits ? undefined : "a bigint of more than 64 bits"
}

function asName(key: unknown): string {
  if (typeof key === "string") return key
  throw new Error(`A name is ${typeof key}, not text`)
}
