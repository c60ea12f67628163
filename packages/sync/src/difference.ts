import type { Change } from "@tidemark/core"
import { equalValues, type Row } from "@tidemark/core/engine"

/** The changes that lead from one state to another, in order, for followers of a base that was replaced. */
export function difference(before: readonly Row[], after: readonly Row[], seq: number): Change[] {
  const old = new Map(before.map((row) => [idOf(row), row]))
  const changes: Change[] = []
  for (const row of after) {
    const held = old.get(idOf(row))
    old.delete(idOf(row))
    if (held === undefined) changes.push(changeOf(row, "create", row.seq))
    else if (!isSame(held, row)) {
      changes.push({ ...changeOf(row, "update", row.seq), previous: held.value })
    }
  }
  for (const row of old.values())
    changes.push({ ...changeOf(row, "delete", seq), version: row.version + 1 })
  return changes.sort((a, b) => a.seq - b.seq)
}

function isSame(held: Row, row: Row): boolean {
  return (
    held.version === row.version &&
    held.expiresAt === row.expiresAt &&
    equalValues(held.value, row.value)
  )
}

function idOf({ kind, key }: Row): string {
  return JSON.stringify([kind, key])
}

function changeOf(row: Row, type: Change["type"], seq: number): Change {
  const { kind, key, value, version, expiresAt, updatedAt: at } = row
  const change = { seq, type, kind, key, value, version, at, cause: "snapshot", batch: seq }
  return expiresAt === undefined ? change : { ...change, expiresAt }
}
