import { newEpoch } from "../../epoch.ts"
import { StoreError } from "../../errors.ts"
import { checkTables } from "../sqlite/check.ts"
import type { SqliteConnection } from "../sqlite/connection.ts"
import { onDatabase } from "../sqlite/faults.ts"
import { isEmpty, prepareTables } from "../sqlite/tables.ts"
import { countUsage } from "../sqlite/usage-check.ts"
import { keepAside, moveAside, PARTS } from "./aside.ts"
import { checkFile } from "./file.ts"
import { isThere } from "./identity.ts"
import { writeNewFile } from "./new-file.ts"
import { realFile } from "./real-file.ts"
import { copyWhole } from "./whole.ts"

/** What restoring is told. */
export interface RestoreOptions {
  /** The file that a backup has written, or a closed database with what lies beside it. It stays as it is. */
  readonly from: string
  /** Where the database shall be. No store may be open on it, in any process. */
  readonly path: string
}

/** What restoring did. */
export interface Restored {
  /** Where the database went that stood in the way; `undefined` where there was none. */
  readonly replaced: string | undefined
}

/**
 * Puts a backup in the place of a database, with a new epoch: followers of the old one see that
 * the sequence is another, and begin anew instead of mixing positions.
 *
 * @throws StoreError `storage_unavailable` (no backup there), `corrupt`, `foreign_schema`,
 * `schema_too_new`, `busy` (a store is open on the path, or writes to the backup); nothing was
 * changed.
 */
export async function restoreFile(
  { from, path }: RestoreOptions,
  connect: (path: string) => SqliteConnection,
): Promise<Restored> {
  const [source, target] = [realFile(from), realFile(path)]
  if (!isThere(source)) {
    throw new StoreError("storage_unavailable", `There is no backup at ${source}`, {
      details: { path: source },
      hint: "Give the path that backup() was given",
    })
  }
  checkFile(target)
  let replaced: string | undefined
  await writeNewFile(
    target,
    (temporary) => {
      copyWhole(source, temporary)
      withDatabase(connect, temporary, renew)
    },
    () => {
      if (isThere(target)) {
        checkUnused(connect, target)
        replaced = keepAside(target, "replaced")
        return
      }
      // A -wal that was left behind would be taken for the backup's own.
      const isLeft = PARTS.some((part) => isThere(`${target}${part}`))
      if (isLeft) replaced = moveAside(target, "replaced")
    },
  )
  return { replaced }
}

/** Checks a copied backup and gives it an epoch of its own. */
function renew(connection: SqliteConnection): void {
  const { ok, problems } = isEmpty(connection)
    ? { ok: false, problems: ["it has no tables"] }
    : check(connection)
  if (!ok) {
    throw new StoreError("corrupt", `The backup is damaged: ${problems.join("; ")}`, {
      details: { problems },
      hint: "Use another backup; nothing was changed",
    })
  }
  connection.exec(`UPDATE meta SET value = '${newEpoch()}' WHERE name = 'epoch'`)
  // They were not checked, and are made anew by who declares them.
  connection.exec("UPDATE indexes SET state = 'stale'")
  countUsage(connection)
  // All of it has to be in the one file that is renamed.
  connection.exec("PRAGMA journal_mode = DELETE")
}

function check(connection: SqliteConnection) {
  prepareTables(connection)
  return checkTables(connection)
}

/** Leaving WAL mode is refused while anybody else has the database open. */
function checkUnused(connect: (path: string) => SqliteConnection, path: string): void {
  try {
    withDatabase(connect, path, (connection) => connection.exec("PRAGMA journal_mode = DELETE"))
  } catch (error) {
    // A damaged database is what backups are for.
    if (StoreError.is(error, "corrupt")) return
    if (!StoreError.is(error, "busy")) throw error
    throw new StoreError("busy", `A store is open on ${path}`, {
      details: { path },
      hint: "Close it everywhere, then restore again; nothing was changed",
      cause: error,
    })
  }
}

function withDatabase(
  connect: (path: string) => SqliteConnection,
  path: string,
  work: (connection: SqliteConnection) => unknown,
): void {
  onDatabase("restoring a backup", () => {
    const connection = connect(path)
    try {
      work(connection)
    } finally {
      connection.close()
    }
  })
}
