import type { SqliteConnection } from "./connection.ts"
import { onDatabase } from "./faults.ts"
import type { SqliteEngineOptions } from "./options.ts"
import { pinned } from "./pinned.ts"
import type { Parts } from "./reading.ts"

/** Copies a database as of now to a new file; the event loop waits for it. */
export function vacuumInto(connection: SqliteConnection, path: string): void {
  connection.prepare("VACUUM INTO ?").run(path)
}

/** Copies an open database as of now to a new file, as the options say. */
export async function copyDatabase(
  { connection, file, reading }: Pick<Parts, "connection" | "file" | "reading">,
  { copy = vacuumInto, reader }: Pick<SqliteEngineOptions, "copy" | "reader">,
  path: string,
): Promise<void> {
  const doing = "copying the database"
  try {
    // What was put in the place of the open file is another database.
    if (reader === undefined || file?.isReplaced()) return await copy(connection, path)
    const own = await reading.attempt(() => onDatabase(doing, () => pinned(reader)))
    try {
      await copy(own, path)
    } finally {
      own.close()
    }
  } catch (error) {
    onDatabase(doing, () => {
      throw error
    })
  }
}
