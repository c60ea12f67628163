import assert from "node:assert/strict"
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import type { ErrorCode, Store, StoreOptions } from "@tidemark/core"
import type { SqliteFileOptions } from "@tidemark/core/node-sqlite"
import type { SqliteConnection } from "@tidemark/core/sqlite"

/** What a driver of SQLite files must show. Plain data: the cases run in Node and in Bun. */
export interface FileCase {
  readonly name: string
  run(driver: FileDriver): Promise<void>
}

export interface FileDriver {
  /** Of a store, through the entry point under test. */
  open(options: SqliteFileOptions & StoreOptions): Store
  /** Of the bare database, as another program would. */
  connect(path: string): SqliteConnection
  /** A path in a folder of its own. */
  freshPath(): string
}

export const fileCases: readonly FileCase[] = [
  {
    name: "Z12 a file keeps values, versions, tombstones, history, position and epoch",
    async run({ open, freshPath }) {
      const path = freshPath()
      const store = open({ path })
      await store.set("u", "a", { n: 1, text: "ü€😀\u0000" }, { origin: "first" })
      await store.set("u", "a", { n: 2 })
      await store.setMany("u", { b: [1, null, true], c: "gone" })
      await store.delete("u", "c")
      const told = await everythingOf(store)
      await store.close()

      const again = open({ path })
      assert.deepEqual(await everythingOf(again), told)
      const created = await again.set("u", "c", 1)
      assert.deepEqual(created, { outcome: "created", version: 3, seq: 6 })
      const unchanged = await again.set("u", "a", { n: 2 })
      assert.deepEqual(unchanged, { outcome: "unchanged", version: 2, seq: 2 })
      await again.close()
    },
  },
  {
    name: "Z12 numbers come back as numbers and booleans as booleans, however large or small",
    async run({ open, freshPath }) {
      const path = freshPath()
      const value = { yes: true, no: false, zero: 0, least: 5e-324, most: 2 ** 53 - 1, huge: 1e308 }
      const at = 8_640_000_000_000_000 // The last moment that a Date knows.
      const clock = { now: () => at, after: () => () => {} }
      const store = open({ path, clock })
      await store.set("u", "a", 0)
      await store.set("u", "a", value)
      await store.close()

      const again = open({ path })
      const { seq, entries } = await again.snapshot()
      const entry = { kind: "u", key: "a", value, version: 2, seq: 2, updatedAt: at }
      assert.deepEqual([seq, ...entries], [2, entry])
      assert.deepEqual([again.position, await again.count("u")], [2, 1])
      const [change] = await again.changes({ after: 1 })
      assert.deepEqual([change?.seq, change?.batch, change?.at, change?.version], [2, 2, at, 2])
      await again.close()
    },
  },
  {
    name: "Z12 a store that is closed leaves one file, and the file to others",
    async run({ open, connect, freshPath }) {
      const path = freshPath()
      const store = open({ path })
      await store.set("u", "a", 1)
      assert.deepEqual((await store.list("u")).length, 1)
      await store.close()
      assert.deepEqual(readdirSync(dirname(path)), ["app.db"])
      const other = connect(path)
      other.exec("BEGIN EXCLUSIVE; COMMIT")
      other.close()
    },
  },
  {
    name: 'Z11 ":memory:" is a store of its own, without a file',
    async run({ open }) {
      const [one, two] = [open({ path: ":memory:" }), open({ path: ":memory:" })]
      await one.set("u", "a", 1)
      assert.deepEqual([await one.get("u", "a"), await two.get("u", "a")], [1, undefined])
      const { storage, durability } = one.status.get()
      assert.deepEqual([storage, durability], ["memory", "none"])
      await Promise.all([one.close(), two.close()])
      assert.equal(existsSync(":memory:"), false)
    },
  },
  {
    name: "Z11 a path is the name of a file, also where SQLite would take it for an address",
    async run({ open, freshPath }) {
      const path = `${freshPath()}?mode=memory`
      await open({ path: `file:/../${relative(process.cwd(), path)}` }).close()
      assert.ok(existsSync(path))
    },
  },
  {
    name: "Z11 a write waits for another process as long as busyTimeout says, and can be tried again",
    async run({ open, connect, freshPath }) {
      const path = freshPath()
      const store = open({ path, busyTimeout: 20 })
      const other = connect(path)
      other.exec("BEGIN IMMEDIATE")
      await assert.rejects(store.set("u", "a", 1), { code: "busy" })
      assert.equal(store.peek("u", "a"), undefined)
      other.exec("COMMIT")
      const set = await store.set("u", "a", 2)
      assert.deepEqual(set, { outcome: "created", version: 1, seq: 1 })
      other.close()
      await store.close()
    },
  },
  ...[-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, "20"].map((busyTimeout) => ({
    name: `Z11 a busyTimeout of ${JSON.stringify(busyTimeout)} (${busyTimeout}) is invalid_value`,
    async run({ open, freshPath }: FileDriver) {
      const path = freshPath()
      const options = { path, busyTimeout: busyTimeout as number }
      assert.throws(() => open(options), { code: "invalid_value" })
      assert.deepEqual(readdirSync(dirname(path)), [])
    },
  })),
  refused("corrupt", "no database", ({ freshPath }) => {
    const path = freshPath()
    writeFileSync(path, "x".repeat(20_000))
    return path
  }),
  refused("foreign_schema", "another application's", ({ connect, freshPath }) => {
    const path = freshPath()
    changeDatabase(connect(path), "CREATE TABLE users (id)")
    return path
  }),
  refused("schema_too_new", "of a newer release", async ({ open, connect, freshPath }) => {
    const path = freshPath()
    await open({ path }).close()
    changeDatabase(connect(path), "PRAGMA user_version = 99")
    return path
  }),
  refused("storage_unavailable", "in a folder that is missing", ({ freshPath }) =>
    join(dirname(freshPath()), "missing", "app.db"),
  ),
  refused("storage_unavailable", "a folder", ({ freshPath }) => {
    const path = freshPath()
    mkdirSync(path)
    return path
  }),
]

function refused(
  code: ErrorCode,
  what: string,
  make: (driver: FileDriver) => string | Promise<string>,
): FileCase {
  return {
    name: `Z17 a file that is ${what} is ${code}`,
    async run(driver) {
      const path = await make(driver)
      assert.throws(() => driver.open({ path }), { name: "StoreError", code, hint: /\w/ })
    },
  }
}

function changeDatabase(database: SqliteConnection, sql: string): void {
  database.exec(sql)
  database.close()
}

async function everythingOf(store: Store) {
  return {
    epoch: store.epoch,
    position: store.position,
    snapshot: await store.snapshot(),
    history: await Promise.all(["a", "b", "c"].map((key) => store.history("u", key))),
    changes: await store.changes({ after: 0 }),
    kinds: await store.kinds(),
  }
}
