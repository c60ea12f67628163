import type { Row } from "./entry.ts"
import { StoreError } from "./errors.ts"

/** What a change did to its entry. */
export type ChangeType = "create" | "update" | "delete"

/** One committed change of a store. Changes are totally ordered by `seq`. */
export interface Change<V = unknown> {
  /** The place in the store's one sequence; for a replayed entry, that of its last change. */
  readonly seq: number
  readonly type: ChangeType
  readonly kind: string
  readonly key: string
  /** The new value; for a delete, the value that was deleted. */
  readonly value: V
  /** The value before an update, where the log still has it and it can be read. */
  readonly previous?: V
  readonly version: number
  /** When the entry ends, in milliseconds since the epoch; absent where it has no end. */
  readonly expiresAt?: number
  /** When it was committed, in milliseconds since the epoch. */
  readonly at: number
  /** Why: `"write"` unless the batch said otherwise. */
  readonly cause: string
  /** Who: what the writer gave as `origin`. */
  readonly origin?: string
  /** The `seq` of the first change of the same batch: equal for all changes of one batch. */
  readonly batch: number
  /** Set on changes of a replay, which tell what is there, or what has become of it meanwhile. */
  readonly replay?: true
}

/** The row that a change leaves behind. */
export function rowAfter(change: Change): Row {
  const { type, kind, key, value, version, seq, at, expiresAt } = change
  const row = { kind, key, value, version, seq, updatedAt: at }
  if (type === "delete") return { ...row, deleted: true }
  return expiresAt === undefined ? row : { ...row, expiresAt }
}

/** A row told as a replay: the `create` of what is there, or the `delete` of what is gone. */
export function replayOf(row: Row): Change {
  return {
    seq: row.seq,
    type: row.deleted ? "delete" : "create",
    kind: row.kind,
    key: row.key,
    value: row.value,
    version: row.version,
    ...(row.expiresAt === undefined ? {} : { expiresAt: row.expiresAt }),
    at: row.updatedAt,
    cause: "write",
    batch: row.seq,
    replay: true,
  }
}

/** The index of the first change after a position, in changes ordered by seq. */
export function firstAfter(changes: readonly Change[], position: number): number {
  let low = 0
  let high = changes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((changes[middle] as Change).seq <= position) low = middle + 1
    else high = middle
  }
  return low
}

/** @throws StoreError `invalid_value` for what is no list of types of changes. */
export function checkTypes(types: unknown): void {
  if (types === undefined) return
  const known: readonly unknown[] = ["create", "update", "delete"] satisfies ChangeType[]
  if (Array.isArray(types) && types.every((type) => known.includes(type))) return
  throw new StoreError("invalid_value", `A watch cannot be told of ${String(types)}`, {
    details: { types },
    hint: 'Give types as a list of "create", "update" and "delete"',
  })
}
