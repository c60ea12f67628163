import { StoreError } from "../../errors.ts"
import type { SqliteConnection } from "./connection.ts"
import { inTransaction } from "./transaction.ts"

/**
 * Finds out whether a disk that has failed takes writes again: writes, and moves everything from
 * the `-wal` file to the database, each step with a sync of SQLite's own. What the `-wal` file had
 * when the disk failed does not count any more: it begins anew.
 *
 * @throws StoreError `busy` when others read or write just now; else what SQLite throws.
 */
export function recover(connection: SqliteConnection, synchronous: "FULL" | "NORMAL"): void {
  connection.exec("PRAGMA synchronous = FULL")
  try {
    inTransaction(connection, "immediate", () =>
      connection.exec("UPDATE meta SET value = value WHERE name = 'epoch'"),
    )
    const { busy } = connection.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() as { busy: number }
    if (busy !== 0) throw new StoreError("busy", "Another process reads or writes the database")
  } finally {
    connection.exec(`PRAGMA synchronous = ${synchronous}`)
  }
}
