import type { StampedBatch } from "../../batch.ts"
import { type Change, rowAfter } from "../../change.ts"
import { decide } from "../../decide.ts"
import type { Ingest, Outcome } from "../../engine.ts"
import type { Row } from "../../entry.ts"
import { KeyedMap } from "../../keyed-map.ts"
import type { SqliteConnection, SqliteStatement } from "./connection.ts"
import type { SqliteReads } from "./read.ts"
import { inTransaction } from "./transaction.ts"

/** What a group of batches did. */
export interface Written {
  readonly head: number
  /** The changes since the known position: first those of other processes, then its own. */
  readonly changes: readonly Change[]
  readonly outcomes: readonly Outcome[]
}

/** Everything that is written to the tables. Each method is one transaction. */
export class SqliteWrites {
  readonly #connection: SqliteConnection
  readonly #reads: SqliteReads
  readonly #insertLog: SqliteStatement
  readonly #upsertKv: SqliteStatement
  readonly #setMeta: SqliteStatement

  constructor(connection: SqliteConnection, reads: SqliteReads) {
    this.#connection = connection
    this.#reads = reads
    this.#insertLog = connection.prepare("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    this.#upsertKv = connection.prepare(
      "INSERT INTO kv VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq, deleted = excluded.deleted",
    )
    this.#setMeta = connection.prepare("UPDATE meta SET value = ? WHERE name = ?")
  }

  /**
   * Decides and applies batches in order. `position` is the last change that is known here,
   * `told` the head that a replica was told.
   */
  commit(batches: readonly StampedBatch[], position: number, told: number): Written {
    return inTransaction(this.#connection, "immediate", () => {
      // Read inside the transaction: other processes may have written, and a failure must still undo all.
      let head = this.#reads.head(told)
      const missed = head - position
      const changes: Change[] = missed > 0 ? [...this.#reads.changes(position, missed)] : []
      // What earlier batches of the group have written is not read again.
      const written = new KeyedMap<Row>()
      const row = (kind: string, key: string) =>
        written.get(kind, key) ?? this.#reads.row(kind, key)
      const changedSince = (kind: string, seq: number) => this.#reads.changedSince(kind, seq)
      const outcomes = batches.map((batch): Outcome => {
        const decision = decide(batch, { head, row, changedSince })
        if (!decision.applies) return { applied: false, error: decision.error }
        for (const [index, change] of decision.changes.entries()) {
          this.#write(change, decision.met[index]?.seq)
          if (batches.length > 1) written.set(change.kind, change.key, rowAfter(change))
          changes.push(change)
        }
        head = decision.result.seq
        return { applied: true, result: decision.result }
      })
      return { head, changes, outcomes }
    })
  }

  ingest({ epoch, to, changes, reset }: Ingest): void {
    inTransaction(this.#connection, "immediate", () => {
      if (reset !== undefined) {
        this.#connection.exec("DELETE FROM log; DELETE FROM kv")
        this.#setMeta.run(to, "horizon")
        for (const row of reset.rows) this.#write(importOf(row), undefined)
      }
      for (const change of changes) this.#write(change, this.#reads.seq(change.kind, change.key))
      this.#setMeta.run(epoch, "epoch")
      this.#setMeta.run(to, "head")
    })
  }

  /** `prev` is the seq of the change before it of the same entry. */
  #write(change: Change, prev: number | undefined): void {
    const { seq, batch, type, kind, key, version, at, cause, origin, value } = change
    const usual = cause === "write" ? null : cause
    const text = JSON.stringify(value)
    this.#insertLog.run(
      seq,
      batch,
      type,
      kind,
      key,
      version,
      at,
      prev ?? null,
      usual,
      origin ?? null,
      text,
    )
    this.#upsertKv.run(kind, key, seq, type === "delete" ? 1 : 0)
  }
}

/** A row of a snapshot, as the change that the log keeps in its place. */
function importOf(row: Row): Change {
  const { kind, key, value, version, seq, updatedAt: at } = row
  return {
    seq,
    batch: seq,
    type: row.deleted ? "delete" : "create",
    kind,
    key,
    value,
    version,
    at,
    cause: "snapshot",
  }
}
