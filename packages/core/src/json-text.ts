import type { Codec } from "./codec.ts"
import { freezeJson } from "./json.ts"

/** A codec whose values are of whatever type its kind has. */
export type AnyCodec = Pick<Codec, "name" | "encode" | "decode">

/** What plain JSON of a later schema is packed by. */
export const JSON_TEXT: AnyCodec = {
  name: "json",
  encode: (value) => JSON.stringify(value),
  decode: (data) => freezeJson(JSON.parse(String(data))),
}
