import type { Codec } from "../codec.ts"
import { toJson } from "../json.ts"
import { textOf } from "./data.ts"

/**
 * JSON as text, with the names of objects in order. It carries what a kind without a codec does,
 * and refuses the rest with its path; `-0` becomes `0`.
 */
export const jsonCodec: Codec = {
  name: "json",
  encode: (value) => JSON.stringify(toJson(value), inOrder),
  decode: (data) => toJson(JSON.parse(textOf(data))),
}

function inOrder(_name: string, part: unknown): unknown {
  if (typeof part !== "object" || part === null || Array.isArray(part)) return part
  return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
}
