import { join } from "node:path"
import { openStore } from "@tidemark/core/better-sqlite3"
import Database from "better-sqlite3"
import { expect, it } from "vitest"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()

/** A file as schema 1 wrote it: two entries, one of them deleted, one with a history. */
function writeSchema1(path: string): void {
  const database = new Database(path)
  database.exec(`
    CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
    CREATE TABLE log (
      seq INTEGER PRIMARY KEY, batch INTEGER NOT NULL, type TEXT NOT NULL, kind TEXT NOT NULL,
      key TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, prev INTEGER, cause TEXT,
      origin TEXT, value TEXT NOT NULL
    );
    CREATE TABLE kv (
      kind TEXT NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL, deleted INTEGER NOT NULL,
      PRIMARY KEY (kind, key)
    ) WITHOUT ROWID;
    INSERT INTO meta VALUES ('epoch', 'e1'), ('head', 0), ('horizon', 0);
    INSERT INTO log VALUES
      (1, 1, 'create', 'u', 'a', 1, 100, NULL, NULL, NULL, '{"n":1}'),
      (2, 2, 'update', 'u', 'a', 2, 200, 1, NULL, 'me', '{"n":2}'),
      (3, 3, 'create', 'u', 'b', 1, 300, NULL, 'import', NULL, '"x"'),
      (4, 4, 'delete', 'u', 'b', 2, 400, 3, NULL, NULL, '"x"');
    INSERT INTO kv VALUES ('u', 'a', 2, 0), ('u', 'b', 4, 1);
    PRAGMA application_id = 0x54696465;
    PRAGMA user_version = 1`)
  database.close()
}

it("G16 a file of an older schema opens, is upgraded, and has lost nothing", async () => {
  const path = join(folder, "old.db")
  writeSchema1(path)
  const store = openStore({ path })
  expect([store.epoch, store.position]).toEqual(["e1", 4])
  expect(await store.entry("u", "a")).toEqual({
    kind: "u",
    key: "a",
    value: { n: 2 },
    version: 2,
    seq: 2,
    updatedAt: 200,
  })
  expect(await store.changes({ after: 0 })).toMatchObject([
    { seq: 1, type: "create", value: { n: 1 } },
    { seq: 2, type: "update", origin: "me", previous: { n: 1 } },
    { seq: 3, cause: "import" },
    { seq: 4, type: "delete", version: 2 },
  ])
  expect(await store.set("u", "b", "y")).toEqual({ outcome: "created", version: 3, seq: 5 })
  await store.close()
  const database = new Database(path)
  expect(database.pragma("user_version", { simple: true })).toBe(2)
  const columns = (table: string) =>
    (database.pragma(`table_info(${table})`) as { name: string }[]).map((column) => column.name)
  const fresh = new Database(join(folder, "new.db"))
  await openStore({ path: join(folder, "new.db") }).close()
  for (const table of ["log", "kv", "receipts", "usage", "indexes", "places"]) {
    const upgraded = columns(table)
    const names = (fresh.pragma(`table_info(${table})`) as { name: string }[]).map(
      (one) => one.name,
    )
    expect(upgraded).toEqual(names)
  }
  fresh.close()
  database.close()
})

it("G16 an upgrade that fails leaves the file as it was", () => {
  const path = join(folder, "failing.db")
  writeSchema1(path)
  class Full extends Database {
    override exec(sql: string): this {
      if (sql.includes("CREATE TABLE usage")) {
        super.exec("ALTER TABLE log ADD COLUMN codec TEXT")
        throw Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" })
      }
      return super.exec(sql)
    }
  }
  expect(() => openStore({ path, driver: Full })).toThrow("disk is full")
  const database = new Database(path)
  expect(database.pragma("user_version", { simple: true })).toBe(1)
  expect(database.pragma("table_info(log)")).toHaveLength(11)
  database.close()
})
