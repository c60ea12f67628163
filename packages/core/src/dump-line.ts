import { StoreError } from "./errors.ts"
import { Packed } from "./packed.ts"
import { type PackedRecord, packedOf, recordOf } from "./packed-record.ts"

/** The first line of a dump. */
export interface DumpHead {
  /** The version of the format. */
  readonly tidemark: 1
  readonly epoch: string
  /** The position of the store when the dump began. */
  readonly seq: number
}

/** What a line of a dump says of an entry: its value in stored form, or that it was deleted. */
export type DumpLine =
  | {
      readonly kind: string
      readonly key: string
      readonly value: unknown
      readonly expiresAt?: number
    }
  | { readonly kind: string; readonly key: string; readonly deleted: true }

/** A line as text, with its end. A packed value stands as its record, so that JSON can carry it. */
export function writeLine(line: DumpHead | DumpLine): string {
  if (!("value" in line) || !(line.value instanceof Packed)) return `${JSON.stringify(line)}\n`
  const { value, ...facts } = line
  return `${JSON.stringify({ ...facts, packed: recordOf(value) })}\n`
}

/** @throws StoreError `invalid_value` for what `writeLine` did not write. */
export function readLine(text: string, number: number): DumpHead | DumpLine {
  const refuse = (what: string, cause?: unknown) =>
    new StoreError("invalid_value", `Line ${number} of the dump cannot be read: ${what}`, {
      details: { line: number },
      hint: "A dump has one JSON object a line, as store.dump() writes it",
      cause,
    })
  let line: Record<string, unknown>
  try {
    line = Object(JSON.parse(text)) as Record<string, unknown>
  } catch (cause) {
    throw refuse("it is no JSON", cause)
  }
  if ("tidemark" in line) {
    if (line.tidemark === 1) return line as unknown as DumpHead
    throw refuse(`it is of format ${String(line.tidemark)}, and this release knows 1`)
  }
  const { kind, key, value, packed, deleted, expiresAt } = line
  if (typeof kind !== "string" || typeof key !== "string") throw refuse("it names no entry")
  if (deleted === true) return { kind, key, deleted }
  if (expiresAt !== undefined && !Number.isFinite(expiresAt)) throw refuse("expiresAt is no time")
  const end = expiresAt === undefined ? {} : { expiresAt: expiresAt as number }
  if (packed !== undefined) {
    const unpacked = readPacked(packed)
    if (unpacked === undefined) throw refuse("its packed value is none")
    return { kind, key, value: unpacked, ...end }
  }
  if (value === undefined) throw refuse("it has no value")
  return { kind, key, value, ...end }
}

function readPacked(record: unknown): Packed | undefined {
  const { codec, schema, text, base64 } = Object(record) as Record<string, unknown>
  if (typeof codec !== "string" || !Number.isSafeInteger(schema) || Number(schema) < 1)
    return undefined
  if (typeof text !== "string" && typeof base64 !== "string") return undefined
  try {
    return packedOf(record as PackedRecord)
  } catch {
    return undefined // It is no base64.
  }
}
