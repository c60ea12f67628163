import type { Row } from "../src/entry.ts"

/** A row of the kind `u`, with what a test does not care about filled in. */
export function row(key: string, value: unknown, facts: Partial<Row> = {}): Row {
  return { kind: "u", key, value, version: 1, seq: 1, updatedAt: 0, ...facts }
}
