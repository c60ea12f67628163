import type { Change, ChangeType } from "../../change.ts"
import type { Row } from "../../entry.ts"
import { freezeJson } from "../../json.ts"
import { Packed } from "../../packed.ts"
import type { SqliteValue } from "./connection.ts"

/** A row of the table `log`. */
export interface LogRow extends StoredValue {
  readonly seq: number
  readonly batch: number
  readonly type: ChangeType
  readonly kind: string
  readonly key: string
  readonly version: number
  readonly at: number
  readonly cause: string | null
  readonly origin: string | null
  readonly expires_at: number | null
  /** The value of the row that `prev` names, where a query asks for it. */
  readonly previous?: string | Uint8Array | null
  readonly previous_codec?: string | null
  readonly previous_schema?: number | null
}

/** A value in its three columns; without codec and schema it is plain JSON of schema 1. */
interface StoredValue {
  readonly value: string | Uint8Array
  readonly codec: string | null
  readonly schema: number | null
}

/** The columns that make an entry. */
export const ENTRY_COLUMNS =
  "l.seq, l.type, l.kind, l.key, l.version, l.at, l.value, l.codec, l.schema, l.expires_at"

/** The columns that make a change; `p` is the log joined by `prev`. */
export const CHANGE_COLUMNS: string = `${ENTRY_COLUMNS}, l.batch, l.cause, l.origin,
  p.value AS previous, p.codec AS previous_codec, p.schema AS previous_schema`

/** The row of the engine port that a log row holds. */
export function rowOf(log: LogRow): Row {
  const { kind, key, version, seq, at, expires_at: expiresAt } = log
  const row = { kind, key, value: readValue(log), version, seq, updatedAt: at }
  if (log.type === "delete") return { ...row, deleted: true }
  return expiresAt === null ? row : { ...row, expiresAt }
}

/** The change that a log row holds. */
export function changeOf(log: LogRow): Change {
  const { seq, type, kind, key, version, at, cause, origin, batch, previous } = log
  const change: { -readonly [Name in keyof Change]: Change[Name] } = {
    seq,
    type,
    kind,
    key,
    value: readValue(log),
    version,
    at,
    cause: cause ?? "write",
    batch,
  }
  if (type === "update" && previous !== undefined && previous !== null) {
    const { previous_codec: codec = null, previous_schema: schema = null } = log
    change.previous = readValue({ value: previous, codec, schema })
  }
  if (origin !== null) change.origin = origin
  if (log.expires_at !== null) change.expiresAt = log.expires_at
  return change
}

/** The three columns of a value: data, codec, schema. */
export function storedForm(value: unknown): readonly [SqliteValue, SqliteValue, SqliteValue] {
  if (!(value instanceof Packed)) return [JSON.stringify(value), null, null]
  return [value.data, value.codec, value.schema]
}

/** The bytes without what a driver adds to them, such as Node's Buffer. */
export function plainBytes(data: Uint8Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

function readValue({ value, codec, schema }: StoredValue): unknown {
  if (codec !== null) {
    return new Packed(codec, schema ?? 1, typeof value === "string" ? value : plainBytes(value))
  }
  return freezeJson(JSON.parse(value as string))
}
