import { fromBase64, toBase64 } from "./base64.ts"
import { Packed } from "./packed.ts"

/** A packed value as plain JSON; bytes stand in base64. */
export type PackedRecord = { readonly codec: string; readonly schema: number } & (
  | { readonly text: string }
  | { readonly base64: string }
)

/** A packed value as plain JSON. */
export function recordOf({ codec, schema, data }: Packed): PackedRecord {
  const stored = typeof data === "string" ? { text: data } : { base64: toBase64(data) }
  return { codec, schema, ...stored }
}

/** The packed value that a record tells of. */
export function packedOf(record: PackedRecord): Packed {
  const data = "text" in record ? record.text : fromBase64(record.base64)
  return new Packed(record.codec, record.schema, data)
}
