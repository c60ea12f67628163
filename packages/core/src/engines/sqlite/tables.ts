import { newEpoch } from "../../epoch.ts"
import { StoreError } from "../../errors.ts"
import type { SqliteConnection } from "./connection.ts"
import { inTransaction } from "./transaction.ts"

/** Marks a file as ours, in SQLite's `application_id`: "Tide" in ASCII. */
const APPLICATION_ID = 0x54696465

/** The version of the tables, in SQLite's `user_version`. */
const SCHEMA_VERSION = 2

/** The oldest SQLite without the WAL-reset bug, which could corrupt a database. */
const OLDEST_SQLITE = "3.51.3"

const ADDED_BY_2 = `
  CREATE INDEX kv_ends ON kv (expires_at) WHERE expires_at IS NOT NULL;
  CREATE INDEX kv_tombstones ON kv (seq) WHERE deleted = 1;
  CREATE TABLE receipts (
    key TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    result TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX receipts_at ON receipts (at);
  CREATE TABLE usage (
    kind TEXT PRIMARY KEY,
    keys INTEGER NOT NULL,
    bytes INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE indexes (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    fields TEXT NOT NULL,
    schema INTEGER NOT NULL,
    state TEXT NOT NULL,
    reached TEXT,
    declared_at INTEGER NOT NULL,
    UNIQUE (kind, fields)
  );
  CREATE TABLE places (
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    place BLOB NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (id, kind, place, key)
  ) WITHOUT ROWID;
  INSERT INTO meta VALUES ('indexes', 0);
`

/**
 * What makes a file of each older schema one of the next. The column `value` of schema 1 was
 * declared TEXT; a blob stays a blob in it.
 */
const UPGRADES: Readonly<Record<number, string>> = {
  1: `
    ALTER TABLE log ADD COLUMN codec TEXT;
    ALTER TABLE log ADD COLUMN schema INTEGER;
    ALTER TABLE log ADD COLUMN expires_at INTEGER;
    ALTER TABLE kv ADD COLUMN expires_at INTEGER;
    INSERT INTO meta VALUES ('forgotten', 0);
    ${ADDED_BY_2}
  `,
}

/**
 * A value stands once, in the log; `kv` says which row of the log is a key's newest, and when the
 * entry ends. `prev` links the rows of one entry from new to old, so that its history needs no
 * index of its own. `origin`, `cause`, `codec` and `schema` are null for the usual case.
 *
 * `meta` has the epoch, the head a replica was told, the horizon (the log is complete after it)
 * and `forgotten` (every tombstone made after it is kept), and how far each retention has pruned
 * the log. `receipts` has the results of batches with an idempotency key. `usage` counts what each kind of a scope takes.
 *
 * `indexes` has what is declared about kinds (by local names), and `places` where each present
 * entry stands in them; `meta.indexes` counts the changes of what is declared.
 */
const TABLES = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
  CREATE TABLE log (
    seq INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL,
    type TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    prev INTEGER,
    cause TEXT,
    origin TEXT,
    value NOT NULL,
    codec TEXT,
    schema INTEGER,
    expires_at INTEGER
  );
  CREATE TABLE kv (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    seq INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (kind, key)
  ) WITHOUT ROWID;
  ${ADDED_BY_2}
`

/**
 * Makes the tables in an empty database, or checks that they are ours.
 *
 * @throws StoreError `foreign_schema`, `schema_too_new`, `unsupported`; the file stays as it was.
 */
export function prepareTables(connection: SqliteConnection): void {
  checkSqlite(connection)
  connection.prepare("SELECT count(*) FROM sqlite_schema").get() // Is it a database at all?
  const found = inTransaction(connection, "deferred", () => schemaVersion(connection))
  if (found === SCHEMA_VERSION) return
  inTransaction(connection, "immediate", () => {
    // Another process may have made or upgraded them while this one waited for its turn.
    const version = schemaVersion(connection)
    if (version === undefined) createTables(connection)
    else upgradeTables(connection, version)
  })
}

/** Whether a database has no tables at all. */
export function isEmpty(connection: SqliteConnection): boolean {
  const { n } = connection.prepare("SELECT count(*) AS n FROM sqlite_schema").get() as { n: number }
  return n === 0
}

/** The version of our tables in the database; `undefined` for an empty one, which is anybody's. */
function schemaVersion(connection: SqliteConnection): number | undefined {
  const applicationId = pragma(connection, "application_id")
  const userVersion = pragma(connection, "user_version")
  const schema = connection
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all() as { name: string }[]
  const tables = schema.map(({ name }) => name)
  if (applicationId === APPLICATION_ID) {
    checkVersion(userVersion)
    checkSchema(connection, userVersion, tables)
    return userVersion
  }
  if (tables.length === 0 && applicationId === 0 && userVersion === 0) return undefined
  throw new StoreError("foreign_schema", "This SQLite database belongs to another application", {
    details: { applicationId, userVersion, tables },
    hint: "Give Tidemark a file of its own; this one was not touched",
  })
}

function createTables(connection: SqliteConnection): void {
  connection.exec(`${TABLES}
    INSERT INTO meta VALUES ('epoch', '${newEpoch()}'), ('head', 0), ('horizon', 0), ('forgotten', 0);
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${SCHEMA_VERSION}`)
}

/** Climbs one step after the other, all in the caller's transaction. */
function upgradeTables(connection: SqliteConnection, from: number): void {
  for (let version = from; version < SCHEMA_VERSION; version++) {
    connection.exec(UPGRADES[version] ?? "")
  }
  connection.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`)
}

/** Whether everything is there that a file of a version has, before a statement trips over it. */
function checkSchema(
  connection: SqliteConnection,
  version: number,
  tables: readonly string[],
): void {
  const isIn = (added: readonly string[], since: number) => (version < since ? [] : added)
  const lacksTable = (name: string) => !tables.includes(name)
  checkNone("table", [...MADE_BY_1.tables, ...isIn(MADE_BY_2.tables, 2)].filter(lacksTable))
  const rows = connection.prepare("SELECT name FROM meta").all() as { name: string }[]
  const lacksRow = (name: string) => !rows.some((row) => row.name === name)
  checkNone("row in meta", [...MADE_BY_1.meta, ...isIn(MADE_BY_2.meta, 2)].filter(lacksRow))
}

/** What each version of the tables has added. */
const MADE_BY_1 = { tables: ["meta", "log", "kv"], meta: ["epoch", "head", "horizon"] }
const MADE_BY_2 = {
  tables: ["receipts", "usage", "indexes", "places"],
  meta: ["forgotten", "indexes"],
}

function checkNone(what: string, missing: readonly string[]): void {
  if (missing.length === 0) return
  throw new StoreError("corrupt", `The database has lost its ${what}: ${missing.join(", ")}`, {
    details: { missing },
    hint: "Restore a backup; the file was not touched",
  })
}

function checkVersion(version: number): void {
  if (version <= SCHEMA_VERSION) return
  throw new StoreError(
    "schema_too_new",
    `The file has schema ${version}; this release knows up to ${SCHEMA_VERSION}`,
    {
      details: { found: version, known: SCHEMA_VERSION },
      hint: "Update @tidemark/core; the file was not touched",
    },
  )
}

function checkSqlite(connection: SqliteConnection): void {
  const { v } = connection.prepare("SELECT sqlite_version() AS v").get() as { v: string }
  const found = v.split(".").map(Number)
  const oldest = OLDEST_SQLITE.split(".").map(Number)
  const differs = oldest.findIndex((part, index) => part !== found[index])
  if (differs < 0 || Number(found[differs]) > Number(oldest[differs])) return
  throw new StoreError("unsupported", `SQLite ${v} can corrupt a database in WAL mode`, {
    details: { found: v, oldest: OLDEST_SQLITE },
    hint: `Use a driver with SQLite ${OLDEST_SQLITE} or newer: a newer Node or Bun for the one it brings, or better-sqlite3`,
  })
}

function pragma(connection: SqliteConnection, name: string): number {
  return (connection.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[name] ?? 0
}
