import type { Change } from "@tidemark/core"
import { equalJson, KeyedMap, type StampedBatch } from "@tidemark/core/engine"

/**
 * Changes that came back, with the very values of the writes that made them: a value that was
 * shown as pending stays the same object when it is confirmed, and nothing renders twice.
 */
export function withOwnValues(
  changes: readonly Change[],
  own: readonly StampedBatch[],
): readonly Change[] {
  if (own.length === 0) return changes
  const values = new KeyedMap<unknown>()
  for (const { ops } of own)
    for (const op of ops) if (op.type === "set") values.set(op.kind, op.key, op.value)
  return changes.map((change) => {
    const value = values.get(change.kind, change.key)
    return change.type !== "delete" && equalJson(value, change.value)
      ? { ...change, value }
      : change
  })
}
