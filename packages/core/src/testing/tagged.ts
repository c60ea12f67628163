import { fromBase64, toBase64 } from "../base64.ts"
import type { Codec } from "../codec.ts"

/** A codec for the cases: JSON with Dates, Sets and bytes, each in a tag. Refuses functions. */
export const taggedCodec: Codec = {
  name: "tagged",
  encode: (value) => JSON.stringify(tagged(value)),
  decode: (data) => untagged(JSON.parse(String(data))),
}

function tagged(value: unknown): unknown {
  if (typeof value === "function") throw new TypeError("it has a function")
  if (value instanceof Date) return { $date: value.getTime() }
  if (value instanceof Set) return { $set: [...value].map(tagged) }
  if (value instanceof Uint8Array) return { $bytes: toBase64(value) }
  if (Array.isArray(value)) return value.map(tagged)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, tagged(part)]))
}

function untagged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(untagged)
  if (typeof value !== "object" || value === null) return value
  if ("$unreadable" in value) throw new RangeError("it is marked unreadable")
  if ("$date" in value) return new Date(value.$date as number)
  if ("$set" in value) return new Set((value.$set as unknown[]).map(untagged))
  if ("$bytes" in value) return fromBase64(value.$bytes as string)
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, untagged(part)]))
}
