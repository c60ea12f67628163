import { join } from "node:path"
import { openStore } from "@tidemark/core/better-sqlite3"
import { openStoreAtOnce } from "@tidemark/core/engine"
import { SqliteEngine } from "@tidemark/core/sqlite"
import Database from "better-sqlite3"
import { expect, it } from "vitest"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()

it("Z3 a watch resumes in a reopened file where it stood", async () => {
  const path = join(folder, "resumed.db")
  const store = openStore({ path })
  for (const n of [1, 2, 3]) await store.set("u", "a", n)
  await store.close()
  const again = openStore({ path })
  const seen: unknown[] = []
  const watch = again.watch("u", { from: 1 })
  watch.subscribe(({ seq, value, previous }) => seen.push([seq, value, previous]))
  await watch.synced
  await again.set("u", "a", 4)
  await again.close()
  expect(seen).toEqual([
    [2, 2, 1],
    [3, 3, 2],
    [4, 4, 3],
  ])
})

it.each(["full", "process"] as const)(
  "Z12 durability %s is WAL mode in which a commit itself waits for no disk",
  async (durability) => {
    let connection: Database.Database | undefined
    class Noted extends Database {
      constructor(path: string, options: { timeout: number }) {
        super(path, options)
        connection = this
      }
    }
    const path = join(folder, `${durability}.db`)
    const store = openStore({ path, durability, driver: Noted })
    expect(connection?.pragma("synchronous", { simple: true })).toBe(1)
    expect(connection?.pragma("journal_mode", { simple: true })).toBe("wal")
    expect(store.status.get()).toMatchObject({
      storage: "file",
      durability,
      engine: "better-sqlite3",
    })
    await store.close()
  },
)

it.each([
  ["full", 2],
  ["process", 1],
] as const)(
  "Z12 without a file to sync, durability %s is synchronous = %i",
  async (durability, synchronous) => {
    const connection = new Database(join(folder, `inline-${durability}.db`))
    const engine = new SqliteEngine(() => connection, {
      name: "inline",
      storage: "opfs",
      durability,
    })
    const store = openStoreAtOnce(engine)
    expect(connection.pragma("synchronous", { simple: true })).toBe(synchronous)
    const written = store.set("u", "a", 1)
    await Promise.resolve()
    expect(store.position).toBe(1)
    await written
    await store.close()
  },
)

it("Z12 durability is full unless another was chosen, and none in memory", async () => {
  const file = openStore({ path: join(folder, "default.db") })
  expect(file.status.get().durability).toBe("full")
  await file.close()
  const memory = openStore({ path: ":memory:" })
  expect(memory.status.get()).toMatchObject({ storage: "memory", durability: "none" })
  await memory.close()
})
