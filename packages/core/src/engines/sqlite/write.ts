import type { BatchResult, StampedBatch } from "../../batch.ts"
import { type Change, rowAfter } from "../../change.ts"
import { decide, type State } from "../../decide.ts"
import type { EngineContext, Ingest, Outcome, Position } from "../../engine.ts"
import type { Row } from "../../entry.ts"
import { KeyedMap } from "../../keyed-map.ts"
import { RefusedBatches } from "../../refused.ts"
import { isScoped } from "../../scope-name.ts"
import type { SqliteConnection, SqliteStatement } from "./connection.ts"
import type { SqliteIndexes } from "./indexes.ts"
import { storedForm } from "./log-row.ts"
import { missed } from "./missed.ts"
import { FORGET_MARKS } from "./prune.ts"
import type { SqliteReads } from "./read.ts"
import { writeReceipt } from "./receipt.ts"
import { inTransaction } from "./transaction.ts"
import type { SqliteUsage } from "./usage.ts"

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
  readonly #usage: SqliteUsage
  readonly #indexes: SqliteIndexes
  readonly #context: Pick<EngineContext, "equal" | "merge">
  readonly #refused = new RefusedBatches()
  readonly #insertLog: SqliteStatement
  readonly #upsertKv: SqliteStatement
  readonly #setMeta: SqliteStatement
  readonly #insertReceipt: SqliteStatement

  constructor(
    connection: SqliteConnection,
    reads: SqliteReads,
    { indexes, usage }: { readonly indexes: SqliteIndexes; readonly usage: SqliteUsage },
    context: Pick<EngineContext, "equal" | "merge">,
  ) {
    this.#connection = connection
    this.#reads = reads
    this.#usage = usage
    this.#indexes = indexes
    this.#context = context
    this.#insertLog = connection.prepare(
      "INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    this.#upsertKv = connection.prepare(
      `INSERT INTO kv VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
      SET seq = excluded.seq, deleted = excluded.deleted, expires_at = excluded.expires_at`,
    )
    this.#setMeta = connection.prepare("UPDATE meta SET value = ? WHERE name = ?")
    this.#insertReceipt = connection.prepare("INSERT OR IGNORE INTO receipts VALUES (?, ?, ?)")
  }

  /**
   * Decides and applies batches in order. `known` is how far what is in the database is known.
   *
   * @throws Replaced when it holds another sequence than the known one.
   */
  commit(batches: readonly StampedBatch[], known: Position): Written {
    return inTransaction(this.#connection, "immediate", () => {
      // Read inside the transaction: other processes may have written, and a failure must still undo all.
      const before = missed(this.#reads, known)
      this.#indexes.refresh()
      const changes = [...before.changes]
      let { head } = before
      // What earlier batches of the group have written is not read again.
      const written = new KeyedMap<Row>()
      const state: Omit<State, "head"> = {
        row: (kind, key) => written.get(kind, key) ?? this.#reads.row(kind, key),
        changedSince: (kind, seq) => this.#reads.changedSince(kind, seq),
        equal: this.#context.equal,
        merge: this.#context.merge,
        usage: (scope, now) => this.#usage.of(scope, now),
        refuses: (batch) => this.#refused.refuses(batch),
        receipt: (idempotencyKey) => this.#reads.receipt(idempotencyKey),
      }
      const outcomes = batches.map((batch): Outcome => {
        const decision = decide(batch, { ...state, head })
        if (!decision.applies) {
          this.#refused.add(batch.id)
          return { applied: false, error: decision.error }
        }
        for (const [index, change] of decision.changes.entries()) {
          const met = decision.met[index]
          this.#write(change, met?.seq)
          this.#indexes.change(change, met)
          if (isScoped(change.kind)) this.#usage.add(change, met)
          if (batches.length > 1) written.set(change.kind, change.key, rowAfter(change))
          changes.push(change)
        }
        head += decision.changes.length
        this.#keepReceipt(batch, decision.result)
        return { applied: true, result: decision.result }
      })
      return { head, changes, outcomes }
    })
  }

  ingest({ epoch, to, changes, reset }: Ingest): void {
    inTransaction(this.#connection, "immediate", () => {
      this.#indexes.refresh()
      if (reset !== undefined) {
        this.#connection.exec(EMPTY)
        this.#setMeta.run(to, "horizon")
        this.#setMeta.run(to, "forgotten")
        for (const row of reset.rows) this.#takeOver(importOf(row))
      }
      for (const change of changes) this.#takeOver(change)
      this.#setMeta.run(epoch, "epoch")
      this.#setMeta.run(to, "head")
    })
  }

  #takeOver(change: Change): void {
    const { kind, key } = change
    // Only what is counted or has an index needs the row that it meets.
    if (isScoped(kind)) this.#usage.add(change, this.#reads.row(kind, key))
    if (this.#indexes.of(kind).length > 0) this.#indexes.change(change, this.#reads.row(kind, key))
    this.#write(change, this.#reads.seq(kind, key))
  }

  #keepReceipt({ idempotencyKey, at }: StampedBatch, result: BatchResult): void {
    if (idempotencyKey === undefined) return
    this.#insertReceipt.run(idempotencyKey, at, writeReceipt(result))
  }

  /** `prev` is the seq of the change before it of the same entry. */
  #write(change: Change, prev: number | undefined): void {
    const { seq, batch, type, kind, key, version, at, cause, origin, expiresAt = null } = change
    const usual = cause === "write" ? null : cause
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
      ...storedForm(change.value),
      expiresAt,
    )
    this.#upsertKv.run(kind, key, seq, type === "delete" ? 1 : 0, expiresAt)
  }
}

const EMPTY = `DELETE FROM log; DELETE FROM kv; DELETE FROM places; DELETE FROM receipts;
  DELETE FROM usage; ${FORGET_MARKS}`

/** A row of a snapshot, as the change that the log keeps in its place. */
function importOf(row: Row): Change {
  const { kind, key, value, version, seq, expiresAt, updatedAt: at } = row
  return {
    seq,
    batch: seq,
    type: row.deleted ? "delete" : "create",
    kind,
    key,
    value,
    version,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    at,
    cause: "snapshot",
  }
}
