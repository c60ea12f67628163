import { isPromise } from "./awaitable.ts"
import type { Op, Seen } from "./batch.ts"
import { type EntryName, isPresent } from "./entry.ts"
import { reasonOf, StoreError } from "./errors.ts"
import type { KindRules } from "./kinds.ts"
import { Unreadable } from "./unreadable.ts"
import type { View } from "./view.ts"

/**
 * An op with what its writer has before its eyes, where its kind merges: what others write until
 * the op is decided is told from that. An entry that is not at hand was not seen.
 */
export function withSeen(rules: KindRules, view: Pick<View, "sight" | "now">, op: Op): Op {
  if (op.type !== "set" || rules.definition(op.kind)?.merge === undefined) return op
  const sight = view.sight(op.kind, op.key)
  if (sight === undefined) return op
  const { row } = sight
  return isPresent(row, view.now()) ? withRead(rules, op, row.value) : { ...op, over: {} }
}

/**
 * An op with the value that its writer has read, where its kind merges. It expects the version of
 * that too; but a version that was foreseen may have become another value by a merge.
 */
export function withRead(rules: KindRules, op: Op, value: unknown): Op {
  if (op.type !== "set" || rules.definition(op.kind)?.merge === undefined) return op
  if (value instanceof Unreadable) return op
  return { ...op, over: { value: rules.packing.pack(op, rules.packing.copy(value)) } }
}

/**
 * What a kind makes of two writes over one value; all given as they are read, the result as it is
 * stored. Where the kind does not merge, or one of them cannot be read, the later write wins.
 *
 * @throws StoreError `validation_failed` when the kind's merge throws or gives what its schema refuses.
 */
export function merged(
  rules: KindRules,
  entry: EntryName,
  { value: base }: Seen,
  mine: unknown,
  theirs: unknown,
): unknown {
  const { kind, key } = entry
  const { packing } = rules
  const merge = rules.definition(kind)?.merge
  if (merge === undefined || [base, mine, theirs].some((value) => value instanceof Unreadable))
    return packing.pack(entry, packing.copy(mine))
  let both: unknown
  try {
    both = merge(packing.copy(base), packing.copy(mine), packing.copy(theirs))
  } catch (cause) {
    throw failed(entry, `the merge of its kind failed: ${reasonOf(cause)}`, cause)
  }
  if (isPromise(both)) throw failed(entry, "the merge of its kind gave a promise")
  const value = rules.value(kind, key, both)
  if (!isPromise(value)) return value
  value.catch(() => {})
  throw failed(entry, "its schema answers later, and a merge is checked at once")
}

function failed({ kind, key }: EntryName, what: string, cause?: unknown): StoreError {
  return new StoreError("validation_failed", `${kind}/${key}: ${what}`, {
    details: { kind, key },
    hint: "Nothing was written; mend the kind's merge, or its schema",
    cause,
  })
}
