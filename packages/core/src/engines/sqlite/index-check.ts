import { localKind } from "../../scope-name.ts"
import type { SqliteConnection } from "./connection.ts"
import type { FileIndex, SqliteIndexes } from "./indexes.ts"
import type { SqliteReads } from "./read.ts"

/** How many entries are looked at at once. */
const PAGE = 1_000

/** What the checking of indexes works with. */
export interface IndexChecking {
  readonly connection: SqliteConnection
  readonly reads: SqliteReads
  readonly indexes: SqliteIndexes
}

/** Finds entries that are not, or not only, where an index has to have them. In a transaction. */
export function checkIndexes(checking: IndexChecking): readonly string[] {
  const { reads, indexes } = checking
  indexes.refresh()
  const problems: string[] = []
  for (const kind of reads.kindsOf(undefined)) {
    for (const index of indexes.of(kind)) {
      if (index.state === "ready") problems.push(...checkIndex(checking, index, kind))
    }
  }
  const unknown = checking.connection.prepare(UNKNOWN).get() as { n: number }
  if (unknown.n > 0) problems.push(`${unknown.n} places belong to no entry or no index`)
  return problems
}

const UNKNOWN = `
  SELECT count(*) AS n FROM places p LEFT JOIN indexes i ON i.id = p.id
  LEFT JOIN kv ON kv.kind = p.kind AND kv.key = p.key AND kv.deleted = 0
  WHERE i.id IS NULL OR kv.seq IS NULL`

function checkIndex(
  { connection, reads, indexes }: IndexChecking,
  index: FileIndex,
  kind: string,
): readonly string[] {
  const find = connection.prepare(
    "SELECT count(*) AS n FROM places WHERE id = ? AND kind = ? AND place = ? AND key = ?",
  )
  let present = 0
  let missing = 0
  for (let after: string | undefined; ; ) {
    const rows = reads.scan(kind, { limit: PAGE, ...(after === undefined ? {} : { after }) })
    for (const row of rows) {
      const place = indexes.placeOf(index, row)
      // Of what cannot be read here nothing can be said.
      if (place === undefined) return []
      const { n } = find.get(index.id, kind, place, row.key) as { n: number }
      if (n === 0) missing++
    }
    present += rows.length
    after = rows.at(-1)?.key
    if (rows.length < PAGE) break
  }
  const { n } = connection
    .prepare("SELECT count(*) AS n FROM places WHERE id = ? AND kind = ?")
    .get(index.id, kind) as { n: number }
  if (missing === 0 && n === present) return []
  const name = `the index ${index.fields.join(", ")} of ${localKind(kind)}`
  return [`${name} has ${n} places for ${present} entries, and lacks those of ${missing}`]
}
