import type { SqliteConnection } from "./connection.ts"

/**
 * Runs steps in one transaction and gives their result; a throw leaves no trace. Writers say
 * `"immediate"`: a transaction that reads first and then wants to write fails at once when it
 * meets a writer, whatever the timeout.
 */
export function inTransaction<T>(
  connection: SqliteConnection,
  mode: "deferred" | "immediate",
  steps: () => T,
): T {
  connection.exec(`BEGIN ${mode}`)
  try {
    const result = steps()
    connection.exec("COMMIT")
    return result
  } catch (error) {
    rollback(connection)
    throw error
  }
}

function rollback(connection: SqliteConnection): void {
  try {
    connection.exec("ROLLBACK")
  } catch {
    // SQLite has already rolled back, as it does when the disk is full; the first error is the one to tell.
  }
}
