import { afterPrefix } from "../../order.ts"
import { SCOPES } from "../../scope-name.ts"
import type { SqliteConnection } from "./connection.ts"

/** What the kinds of all scopes really hold. Sizes are those of `sizeOf`. */
const HELD = `
  SELECT kv.kind, count(*) AS keys, sum(octet_length(kv.key) + octet_length(log.value)) AS bytes
  FROM kv JOIN log ON log.seq = kv.seq
  WHERE kv.deleted = 0 AND kv.kind >= ? AND kv.kind < ? GROUP BY kv.kind`

/** Every kind of a scope is between them. */
const RANGE = [SCOPES, afterPrefix(SCOPES) ?? ""] as const

/** Finds kinds of scopes that hold something else than is counted for them. In a transaction. */
export function checkUsage(connection: SqliteConnection): readonly string[] {
  const { n } = connection
    .prepare(
      `SELECT count(*) AS n FROM usage u FULL JOIN (${HELD}) h ON h.kind = u.kind
      WHERE coalesce(u.keys, 0) <> coalesce(h.keys, 0)
      OR coalesce(u.bytes, 0) <> coalesce(h.bytes, 0)`,
    )
    .get(...RANGE) as { n: number }
  return n === 0 ? [] : [`${n} kinds of scopes hold something else than is counted for their quota`]
}

/** Counts anew what the kinds of all scopes hold. In a transaction, or alone. */
export function countUsage(connection: SqliteConnection): void {
  connection.exec("DELETE FROM usage")
  connection.prepare(`INSERT INTO usage ${HELD}`).run(...RANGE)
}
