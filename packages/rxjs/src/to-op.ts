import type { Change, Op } from "@tidemark/core"

/**
 * The write that does in another store what a change has done: for `persistTo`.
 *
 * @example
 * changes$(store, "*").pipe(persistTo(copy, toOp))
 */
export function toOp({ type, kind, key, value, expiresAt }: Change): Op {
  if (type === "delete") return { type, kind, key }
  const op = { type: "set" as const, kind, key, value }
  return expiresAt === undefined ? op : { ...op, expiresAt }
}
