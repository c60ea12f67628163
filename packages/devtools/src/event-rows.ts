import type { Change, ChangeType } from "@tidemark/core"
import { previewText } from "./text.ts"

/** Which changes to show. */
export interface EventFilter {
  /** `""` for all kinds. */
  readonly kind: string
  /** `""` for all types. */
  readonly type: ChangeType | ""
  /** What kind, key, origin, cause or the beginning of the value have in them. */
  readonly text: string
}

/** One line of the event log. */
export type EventRow =
  | {
      readonly type: "batch"
      readonly batch: number
      readonly changes: readonly Change[]
      readonly open: boolean
    }
  | { readonly type: "change"; readonly change: Change; readonly inBatch: boolean }

/** Larger batches are closed until they are opened. */
const OPEN_BATCH = 5

/** So much of a value is searched. */
const SEARCHED = 2_000

/** The changes that a filter lets through. */
export function filterEvents(
  changes: readonly Change[],
  { kind, type, text }: EventFilter,
): readonly Change[] {
  const wanted = text.trim().toLowerCase()
  return changes.filter(
    (change) =>
      (kind === "" || change.kind === kind) &&
      (type === "" || change.type === type) &&
      (wanted === "" || searchText(change).includes(wanted)),
  )
}

/**
 * The lines of the log, newest first; a batch of several changes under a line of its own, its
 * changes in the order in which they were made. `openings` tells which batches a person has
 * opened or closed.
 */
export function eventRows(
  changes: readonly Change[],
  openings: ReadonlyMap<number, boolean>,
): readonly EventRow[] {
  const rows: EventRow[] = []
  let end = changes.length
  while (end > 0) {
    const newest = changes[end - 1] as Change
    let start = end - 1
    while (start > 0 && changes[start - 1]?.batch === newest.batch) start--
    if (end - start === 1) rows.push({ type: "change", change: newest, inBatch: false })
    else pushBatch(rows, changes.slice(start, end), openings)
    end = start
  }
  return rows
}

function pushBatch(
  rows: EventRow[],
  changes: readonly Change[],
  openings: ReadonlyMap<number, boolean>,
): void {
  const batch = (changes[0] as Change).batch
  const open = openings.get(batch) ?? changes.length <= OPEN_BATCH
  rows.push({ type: "batch", batch, changes, open })
  if (open) for (const change of changes) rows.push({ type: "change", change, inBatch: true })
}

const searchTexts = new WeakMap<Change, string>()

function searchText(change: Change): string {
  let text = searchTexts.get(change)
  if (text === undefined) {
    const { kind, key, origin = "", cause, value } = change
    text = [kind, key, `${kind}/${key}`, origin, cause, previewText(value, SEARCHED)]
      .join("\n")
      .toLowerCase()
    searchTexts.set(change, text)
  }
  return text
}
