import { join } from "node:path"
import { openStore } from "@tidemark/core/better-sqlite3"
import { plainContext } from "@tidemark/core/engine"
import { SqliteEngine } from "@tidemark/core/sqlite"
import Database from "better-sqlite3"
import { expect, it } from "vitest"
import { temporaryFolder } from "./folder.ts"
import { listener } from "./listener.ts"

const folder = temporaryFolder()

it("Z5 processes that keep different amounts do not send each other back to the beginning", async () => {
  let looked = 0
  class Counting extends Database {
    override prepare(sql: string) {
      const statement = super.prepare(sql)
      if (!sql.startsWith("SELECT kind, key, seq FROM log")) return statement as never
      const all = statement.all.bind(statement)
      statement.all = (...parameters: unknown[]) => {
        const rows = all(...parameters)
        looked += rows.length
        return rows
      }
      return statement as never
    }
  }
  const path = join(folder, "two.db")
  const [few, many] = [2, 5].map((versions) =>
    openStore({ path, driver: Counting, retention: { changes: 0, versions } }),
  )
  if (few === undefined || many === undefined) throw new Error("Two stores were to be opened")
  for (let n = 0; n < 50; n++) await few.set("u", `k${n % 5}`, n)
  await many.prune()
  await few.prune()
  expect((await few.history("u", "k0")).length).toBe(3)
  looked = 0
  expect(await many.prune()).toEqual({ removed: 0 })
  expect(await few.prune()).toEqual({ removed: 0 })
  expect(looked).toBe(0)
  await few.close()
  await many.close()
})

it("Z5 a sequence that begins anew is pruned from its beginning", () => {
  const engine = new SqliteEngine(() => new Database(":memory:"), {
    name: "better-sqlite3",
    storage: "memory",
  })
  engine.open(listener(), plainContext)
  const set = (n: number) =>
    engine.commit([{ id: n, at: n, ops: [{ type: "set", kind: "u", key: "a", value: n }] }])
  const prune = (after: number) =>
    engine.prune({
      after,
      versions: 1,
      versionsOf: {},
      tombstonesAfter: 0,
      receiptsFrom: 0,
      limit: 100,
    })
  for (let n = 1; n <= 50; n++) set(n)
  expect(prune(50)).toMatchObject({ removed: 48 })
  engine.ingest({ epoch: "another", to: 0, changes: [], reset: { rows: [] } })
  for (let n = 1; n <= 10; n++) set(n)
  expect(prune(10)).toMatchObject({ removed: 8 })
  engine.close()
})

it("Z5 changes that another process prunes while they are read are too old, and no gap", async () => {
  let between = () => {}
  class Interrupted extends Database {
    override prepare(sql: string) {
      const statement = super.prepare(sql)
      const all = statement.all.bind(statement)
      statement.all = (...parameters: unknown[]) => {
        if (sql.includes("LEFT JOIN log p")) between()
        return all(...parameters)
      }
      return statement as never
    }
  }
  const path = join(folder, "hole.db")
  const retention = { changes: 0, versions: 0 }
  const reader = openStore({ path, driver: Interrupted, pollInterval: false })
  const pruner = openStore({ path, retention })
  // More than are kept in memory.
  for (let n = 0; n < 30; n++) await reader.setMany("u", { a: n, b: n })
  between = () => {
    between = () => {}
    const other = new Database(path)
    other.exec(`BEGIN IMMEDIATE; DELETE FROM log WHERE seq <= 20;
      UPDATE meta SET value = 20 WHERE name = 'horizon'; COMMIT`)
    other.close()
  }
  await expect(reader.changes({ after: 0 })).rejects.toMatchObject({ code: "position_too_old" })
  await pruner.close()
  await reader.close()
})

it("Z5 results of idempotency keys go when they are old, however many, and also where nothing changes", async () => {
  const path = join(folder, "receipts.db")
  const clock = { time: 1_000, now: () => clock.time, after: () => () => {} }
  const store = openStore({ path, durability: "process", clock })
  const writes = Array.from({ length: 1_200 }, (_, n) =>
    store.set("u", "a", 1, { idempotencyKey: `key ${n}` }),
  )
  await Promise.all(writes)
  clock.time += 10
  await store.prune({ receipts: 5 })
  const database = new Database(path, { readonly: true })
  expect(database.prepare("SELECT count(*) AS n FROM receipts").get()).toEqual({ n: 0 })
  database.close()
  await store.close()
})

it("Z5 pruning on demand lets the event loop go on between its steps", async () => {
  const store = openStore({ path: join(folder, "turns.db"), durability: "process" })
  for (let round = 0; round < 20; round++) {
    await store.setMany(
      "u",
      Array.from({ length: 200 }, (_, n) => [`k${n}`, round] as const),
    )
  }
  let turns = 0
  const count = () => {
    turns++
    timer = setImmediate(count)
  }
  let timer = setImmediate(count)
  const { removed } = await store.prune({ changes: 0, versions: 1 })
  clearImmediate(timer)
  expect(removed).toBe(200 * 18)
  expect(turns).toBeGreaterThan(5)
  await store.close()
})
