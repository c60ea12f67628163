import type { SqliteConnection } from "./connection.ts"

/** Copies a database as of now to a new file; the event loop waits for it. */
export function vacuumInto(connection: SqliteConnection, path: string): void {
  connection.prepare("VACUUM INTO ?").run(path)
}
