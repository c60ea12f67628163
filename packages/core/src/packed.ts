import type { EntryName } from "./entry.ts"
import { StoreError } from "./errors.ts"

/**
 * A value in its stored form: text or bytes that a codec made, of one version of a kind's
 * schema. Engines keep it as it is and never look inside; plain JSON of schema 1 is not packed.
 */
export class Packed {
  /** The codec's name. */
  readonly codec: string
  /** The version of the kind's schema that the value was written by: 1, 2, 3 … */
  readonly schema: number
  readonly data: string | Uint8Array

  constructor(codec: string, schema: number, data: string | Uint8Array) {
    this.codec = codec
    this.schema = schema
    this.data = data
    Object.freeze(this)
  }
}

/** Whether a stored value is packed. Every row that is read passes here, and `instanceof` costs several times as much. */
export function isPacked(stored: unknown): stored is Packed {
  return typeof stored === "object" && stored !== null && stored.constructor === Packed
}

/** The version of the schema that a stored value was written by. */
export function schemaOf(value: unknown): number {
  return value instanceof Packed ? value.schema : 1
}

/** The error of a value that a later version of its schema wrote. */
export function schemaTooNew({ kind, key }: EntryName, found: number, known: number): StoreError {
  return new StoreError(
    "schema_too_new",
    `${kind}/${key} was written by version ${found} of its schema; this application knows ${known}`,
    {
      details: { kind, key, found, known },
      hint: "Update this application; the entry stays as it is",
    },
  )
}

/** Whether two stored forms are the same, byte for byte. */
export function samePacked(a: Packed, b: Packed): boolean {
  return a.codec === b.codec && a.schema === b.schema && sameData(a.data, b.data)
}

function sameData(a: string | Uint8Array, b: string | Uint8Array): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
