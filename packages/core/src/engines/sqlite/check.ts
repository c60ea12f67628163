import type { CheckReport } from "../../engine.ts"
import type { SqliteConnection } from "./connection.ts"
import { inTransaction } from "./transaction.ts"

/** A question whose answer tells how many rows are wrong, and what is wrong with them. */
const QUESTIONS: readonly (readonly [problem: string, sql: string])[] = [
  [
    "entries point at a change that is not there or not theirs",
    `SELECT count(*) AS n FROM kv LEFT JOIN log ON log.seq = kv.seq
     WHERE log.seq IS NULL OR log.kind <> kv.kind OR log.key <> kv.key`,
  ],
  [
    "entries disagree with their newest change on whether they are deleted or when they end",
    `SELECT count(*) AS n FROM kv JOIN log ON log.seq = kv.seq
     WHERE kv.deleted <> (log.type = 'delete') OR kv.expires_at IS NOT log.expires_at`,
  ],
  [
    "changes are newer than what their entry points at",
    `SELECT count(*) AS n FROM log LEFT JOIN kv ON kv.kind = log.kind AND kv.key = log.key
     WHERE kv.seq IS NULL OR kv.seq < log.seq`,
  ],
  [
    "changes follow one of another entry, a newer one, or one whose version is not lower",
    `SELECT count(*) AS n FROM log JOIN log p ON p.seq = log.prev
     WHERE p.kind <> log.kind OR p.key <> log.key OR p.seq >= log.seq OR p.version >= log.version`,
  ],
  [
    "values are not JSON",
    "SELECT count(*) AS n FROM log WHERE codec IS NULL AND NOT json_valid(value)",
  ],
]

/**
 * Looks for damage: SQLite's own check of its pages, then what must hold between the tables, and
 * what `more` finds in the same transaction.
 */
export function checkTables(
  connection: SqliteConnection,
  more: () => readonly string[] = () => [],
): CheckReport {
  const pages = (connection.prepare("PRAGMA integrity_check").all() as Record<string, string>[])
    .map((row) => Object.values(row)[0] ?? "")
    .filter((line) => line !== "ok")
  // Tables on damaged pages cannot be asked.
  const problems = pages.length > 0 ? pages : checkRows(connection, more)
  return { ok: problems.length === 0, problems }
}

/** All of one moment: others write meanwhile. */
function checkRows(connection: SqliteConnection, more: () => readonly string[]): readonly string[] {
  return inTransaction(connection, "deferred", () => [
    ...QUESTIONS.flatMap((one) => ask(connection, one)),
    ...more(),
  ])
}

function ask(
  connection: SqliteConnection,
  [problem, sql]: readonly [problem: string, sql: string],
): readonly string[] {
  const { n } = connection.prepare(sql).get() as { n: number }
  return n === 0 ? [] : [`${n} ${problem}`]
}
