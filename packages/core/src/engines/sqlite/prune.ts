import type { Pruned, Retention } from "../../engine.ts"
import { ALL_VERSIONS, versionsKept } from "../../retention.ts"
import type { SqliteConnection, SqliteStatement } from "./connection.ts"
import { inTransaction } from "./transaction.ts"

/** About so many rows are walked over in one step, and at least so many chains begun. */
const WALK = 20_000
const FEWEST = 20

interface Chain {
  readonly kind: string
  readonly key: string
  /** The seq of a row behind which older ones may go. */
  readonly seq: number
}

/**
 * Lets go of old rows, a few at a time, so that no writer waits long. For each retention that was
 * ever at work `meta` says how far the log has been looked through by it: processes that keep
 * different amounts do not send each other back to the beginning.
 */
export class SqlitePruning {
  readonly #connection: SqliteConnection
  readonly #meta: SqliteStatement
  readonly #setMeta: SqliteStatement
  readonly #superseding: SqliteStatement
  readonly #behind: SqliteStatement
  readonly #remove: SqliteStatement
  readonly #cut: SqliteStatement
  readonly #tombstones: SqliteStatement
  readonly #forget: SqliteStatement
  readonly #oldReceipts: SqliteStatement
  readonly #dropReceipt: SqliteStatement
  readonly #relink: SqliteStatement

  constructor(connection: SqliteConnection) {
    this.#connection = connection
    this.#meta = connection.prepare("SELECT value FROM meta WHERE name = ?")
    this.#setMeta = connection.prepare(
      "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    )
    this.#superseding = connection.prepare(
      "SELECT kind, key, seq FROM log WHERE seq > ? AND seq <= ? AND prev IS NOT NULL ORDER BY seq LIMIT ?",
    )
    this.#behind = connection.prepare(BEHIND)
    this.#remove = connection.prepare("DELETE FROM log WHERE seq = ?")
    this.#cut = connection.prepare("UPDATE log SET prev = NULL WHERE seq = ?")
    this.#tombstones = connection.prepare(
      "SELECT kind, key, seq FROM kv WHERE deleted = 1 AND seq <= ? ORDER BY seq LIMIT ?",
    )
    this.#forget = connection.prepare("DELETE FROM kv WHERE kind = ? AND key = ?")
    this.#oldReceipts = connection.prepare("SELECT key FROM receipts WHERE at < ? LIMIT ?")
    this.#dropReceipt = connection.prepare("DELETE FROM receipts WHERE key = ?")
    this.#relink = connection.prepare(
      "UPDATE log SET prev = (SELECT prev FROM log WHERE seq = ?) WHERE seq = ?",
    )
  }

  /** One step. */
  step(retention: Retention): Pruned {
    return inTransaction(this.#connection, "immediate", () => {
      const receipts = this.#pruneReceipts(retention)
      const versions = this.#pruneVersions(retention)
      const tombstones = this.#pruneTombstones(retention)
      return {
        removed: versions.removed + tombstones.removed,
        more: receipts.more || versions.more || tombstones.more,
      }
    })
  }

  #pruneReceipts({ receiptsFrom, limit }: Retention): Pick<Pruned, "more"> {
    const old = this.#oldReceipts.all(receiptsFrom, limit) as { readonly key: string }[]
    for (const { key } of old) this.#dropReceipt.run(key)
    return { more: old.length === limit }
  }

  #pruneVersions(retention: Retention): Pruned {
    const { after, limit } = retention
    const mark = markOf(retention)
    const from = Number(this.#value(mark) ?? 0)
    // Behind each row as many are walked over as are kept: a step has fewer where they are many.
    const most = Math.max(FEWEST, Math.min(limit, Math.floor(WALK / (retention.versions + 1))))
    const rows = this.#superseding.all(from, after, most) as Chain[]
    const newest = new Map(rows.map((row) => [JSON.stringify([row.kind, row.key]), row]))
    let removed = 0
    let more = rows.length === most
    let reached = more ? (rows.at(-1) as Chain).seq : Math.max(from, after)
    for (const chain of newest.values()) {
      const kept = versionsKept(retention, chain.kind)
      const gone = this.#cutBehind(chain, kept, limit)
      removed += gone
      if (gone < limit) continue
      // There may be more of this entry: its row is looked at again.
      more = true
      reached = Math.min(reached, chain.seq - 1)
    }
    if (reached !== from) this.#setMeta.run(mark, reached)
    return { removed, more }
  }

  #pruneTombstones({ tombstonesAfter, limit }: Retention): Pruned {
    const tombstones = this.#tombstones.all(tombstonesAfter, limit) as Chain[]
    let removed = 0
    for (const { kind, key, seq } of tombstones) {
      const gone = this.#cutBehind({ kind, key, seq }, 0, limit)
      removed += gone
      if (gone === limit) return { removed, more: true }
      this.#remove.run(seq)
      this.#forget.run(kind, key)
      this.#raise("horizon", seq)
      this.#raise("forgotten", seq)
      removed++
    }
    return { removed, more: tombstones.length === limit }
  }

  /** Removes at most `limit` rows behind one and the `kept` ones that follow it. How many went. */
  #cutBehind({ seq }: Chain, kept: number, limit: number): number {
    if (kept >= ALL_VERSIONS) return 0
    const chain = this.#behind.all(seq, kept + 1 + limit, kept) as { seq: number }[]
    const [last, ...gone] = chain.map((row) => row.seq)
    if (last === undefined || gone.length === 0) return 0
    this.#raise("horizon", last)
    // The oldest go last: until then the chain must reach them.
    if (gone.length < limit) this.#cut.run(last)
    else this.#relink.run(gone.at(-1) as number, last)
    for (const one of gone) this.#remove.run(one)
    return gone.length
  }

  #raise(name: "horizon" | "forgotten", position: number): void {
    if (position > Number(this.#value(name) ?? 0)) this.#setMeta.run(name, position)
  }

  #value(name: string): string | number | undefined {
    return (this.#meta.get(name) as { value: string | number } | null | undefined)?.value
  }
}

/** The name in `meta` of how far a retention has come. */
function markOf({ versions, versionsOf }: Retention): string {
  return `pruned ${JSON.stringify([versions, versionsOf])}`
}

/** What a sequence that begins anew takes away: how far the old one had been looked through. */
export const FORGET_MARKS = "DELETE FROM meta WHERE name >= 'pruned ' AND name < 'pruned!'"

/** The rows of a chain from one on, new to old. */
const BEHIND = `
  WITH RECURSIVE h(seq) AS (
    SELECT ?
    UNION ALL
    SELECT log.prev FROM h CROSS JOIN log ON log.seq = h.seq WHERE log.prev IS NOT NULL
    LIMIT ?
  )
  SELECT seq FROM h LIMIT -1 OFFSET ?`
