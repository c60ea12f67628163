import type { SqliteConnection } from "./connection.ts"

/** The connections that are inside a transaction. */
const inside = new WeakSet<SqliteConnection>()

/**
 * Runs steps in one transaction and gives their result; a throw leaves no trace. Writers say
 * `"immediate"`: a transaction that reads first and then wants to write fails at once when it
 * meets a writer, whatever the timeout. What only reads runs in the transaction that is under way:
 * a function of the application that a commit calls may read the store.
 */
export function inTransaction<T>(
  connection: SqliteConnection,
  mode: "deferred" | "immediate",
  steps: () => T,
): T {
  if (mode === "deferred" && inside.has(connection)) return steps()
  connection.exec(`BEGIN ${mode}`)
  inside.add(connection)
  try {
    const result = steps()
    connection.exec("COMMIT")
    return result
  } catch (error) {
    rollback(connection)
    throw error
  } finally {
    inside.delete(connection)
  }
}

function rollback(connection: SqliteConnection): void {
  try {
    connection.exec("ROLLBACK")
  } catch {
    // SQLite has already rolled back, as it does when the disk is full; the first error is the one to tell.
  }
}
