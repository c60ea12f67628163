import type { Change, ChangeType } from "../../change.ts"
import type { Row } from "../../entry.ts"
import { freezeJson } from "../../json.ts"

/** A row of the table `log`. */
export interface LogRow {
  readonly seq: number
  readonly batch: number
  readonly type: ChangeType
  readonly kind: string
  readonly key: string
  readonly version: number
  readonly at: number
  readonly cause: string | null
  readonly origin: string | null
  readonly value: string
  /** The value of the row that `prev` names, where a query asks for it. */
  readonly previous?: string | null
}

/** The columns that make an entry. */
export const ENTRY_COLUMNS = "l.seq, l.type, l.kind, l.key, l.version, l.at, l.value"

/** The columns that make a change; `p` is the log joined by `prev`. */
export const CHANGE_COLUMNS: string = `${ENTRY_COLUMNS}, l.batch, l.cause, l.origin, p.value AS previous`

/** The row of the engine port that a log row holds. */
export function rowOf(log: LogRow): Row {
  const { kind, key, version, seq, at } = log
  const row = { kind, key, value: parse(log.value), version, seq, updatedAt: at }
  return log.type === "delete" ? { ...row, deleted: true } : row
}

/** The change that a log row holds. */
export function changeOf(log: LogRow): Change {
  const { seq, type, kind, key, version, at, cause, origin, batch, previous } = log
  return {
    seq,
    type,
    kind,
    key,
    value: parse(log.value),
    ...(type === "update" && typeof previous === "string" ? { previous: parse(previous) } : {}),
    version,
    at,
    cause: cause ?? "write",
    ...(origin === null ? {} : { origin }),
    batch,
  }
}

function parse(text: string): unknown {
  return freezeJson(JSON.parse(text))
}
