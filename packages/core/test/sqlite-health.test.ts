import { statSync } from "node:fs"
import { join } from "node:path"
import { openStoreAtOnce } from "@tidemark/core/engine"
import { SqliteEngine } from "@tidemark/core/sqlite"
import { TestClock } from "@tidemark/core/testing"
import Database from "better-sqlite3"
import { expect, it } from "vitest"
import { type Fragile, openFragile } from "./failing.ts"
import { temporaryFolder } from "./folder.ts"
import { HeldFile } from "./held-file.ts"

const folder = temporaryFolder()
let files = 0
const opened = (): Fragile => openFragile(join(folder, `${++files}.db`))

it("Z2 a disk that fails is told, with what is wrong and since when, and tried less and less often", async () => {
  const { store, connection, clock } = opened()
  await clock.pass(0) // Opening looks for what has ended.
  await store.set("u", "a", 1)
  const told: unknown[] = []
  store.status.subscribe(() => {
    const { health, failure, pending } = store.status.get()
    if (pending === 0) told.push([health, failure?.error.code, failure?.since])
  })
  expect(store.status.get().health).toBe("ok")
  connection.broken = true
  const since = clock.now()
  await expect(store.set("u", "a", 2)).rejects.toMatchObject({ code: "storage_unavailable" })
  const error = { code: "storage_unavailable", hint: expect.stringMatching(/full/) }
  expect(store.status.get()).toMatchObject({ health: "failing", failure: { since, error } })
  const failing = ["failing", "storage_unavailable", since]
  expect([store.peek("u", "a"), told.at(-1)]).toEqual([1, failing])

  let tries = 0
  const after = clock.after.bind(clock)
  clock.after = (ms, callback) => {
    tries++
    return after(ms, callback)
  }
  await clock.pass(1_000)
  expect(tries).toBe(2)
  await clock.pass(60_000)
  expect(tries).toBeLessThan(13)
  expect(store.status.get()).toMatchObject({ health: "failing", failure: { since } })

  connection.broken = false
  await clock.pass(10_000)
  expect(store.status.get().health).toBe("ok")
  expect(told.at(-1)).toEqual(["ok", undefined, undefined])
  expect(await store.set("u", "a", 2)).toMatchObject({ outcome: "updated", seq: 2 })
  await store.close()
  expect(clock.timers).toBe(0)
})

it("Z2 a write that succeeds tells that the disk is well, before it is tried again", async () => {
  const { store, connection } = opened()
  connection.failAfter(0)
  await expect(store.set("u", "a", 1)).rejects.toMatchObject({ code: "storage_unavailable" })
  expect(store.status.get().health).toBe("failing")
  await store.set("u", "a", 1)
  expect(store.status.get().health).toBe("ok")
  await store.close()
})

it("Z2 a write that was under way when another one failed does not tell that the disk is well", async () => {
  const { store, connection, clock } = opened()
  const first = store.set("u", "a", 1)
  await Promise.resolve()
  connection.failAfter(0)
  await expect(store.set("u", "b", 1)).rejects.toMatchObject({ code: "storage_unavailable" })
  await first
  expect(store.status.get().health).toBe("failing")
  await clock.pass(250)
  expect(store.status.get().health).toBe("ok")
  await store.close()
})

it("Z2 after a failed sync nothing is written or told until everything stands in the database", async () => {
  const { store, connection, file, clock, path } = opened()
  const seen: unknown[] = []
  store.watch("u").subscribe(({ key }) => seen.push(key))
  await store.set("u", "a", 1)
  file.broken = true
  const written = store.set("u", "b", 1)
  await expect(written).rejects.toMatchObject({ message: expect.stringContaining("in place") })
  // Syncs would succeed again, but what the first one could not write may be gone.
  file.broken = false
  connection.broken = true
  await clock.pass(5_000)
  await expect(store.set("u", "c", 1)).rejects.toMatchObject({
    code: "storage_unavailable",
    message: expect.stringContaining("nothing was written"),
  })
  await expect(store.prune()).rejects.toMatchObject({ code: "storage_unavailable" })
  connection.broken = false
  expect([store.peek("u", "b"), store.peek("u", "c"), seen]).toEqual([1, undefined, ["a"]])
  expect([store.position, store.status.get().health]).toEqual([1, "failing"])
  await clock.pass(10_000)
  expect([seen, store.position, store.status.get().health]).toEqual([["a", "b"], 2, "ok"])
  expect(statSync(`${path}-wal`).size).toBe(0)
  await store.set("u", "c", 1)
  expect(seen).toEqual(["a", "b", "c"])
  await store.close()
})

it("Z2 what others keep from the database does not count as moved there", async () => {
  const { store, file, clock, path } = opened()
  await store.set("u", "a", 1)
  const reader = new Database(path)
  reader.exec("BEGIN")
  reader.prepare("SELECT count(*) FROM log").get()
  file.failAfter(0)
  await expect(store.set("u", "b", 1)).rejects.toMatchObject({ code: "storage_unavailable" })
  await clock.pass(30_000)
  expect([store.status.get().health, store.position]).toEqual(["failing", 1])
  reader.exec("COMMIT")
  reader.close()
  await clock.pass(10_000)
  expect([store.status.get().health, store.position]).toEqual(["ok", 2])
  await store.close()
})

it("Z17 a store can be closed while its disk fails, and tries it no more", async () => {
  const { store, connection, clock } = opened()
  connection.broken = true
  await expect(store.set("u", "a", 1)).rejects.toMatchObject({ code: "storage_unavailable" })
  await store.close()
  expect(clock.timers).toBe(0)
})

it("Z2 an error that is the write's own says nothing of the disk", async () => {
  const { store } = opened()
  await store.set("u", "a", 1)
  const conflict = store.set("u", "a", 2, { ifVersion: 9 })
  await expect(conflict).rejects.toMatchObject({ code: "conflict" })
  expect(store.status.get().health).toBe("ok")
  await store.close()
})

it("Z12 after a full disk commits wait for the disk no more than before", async () => {
  const { store, connection, clock } = opened()
  await clock.pass(0)
  await store.set("u", "a", 1)
  connection.broken = true
  await store.set("u", "a", 2).catch(() => {})
  await clock.pass(300) // One try fails.
  connection.broken = false
  await store.set("u", "a", 3)
  expect(store.status.get().health).toBe("ok")
  const { synchronous } = connection.prepare("PRAGMA synchronous").get() as { synchronous: number }
  expect(synchronous).toBe(1)
  await store.close()
})

it("Z17 a disk that fails while a store is closed is not tried again", async () => {
  const clock = new TestClock()
  const file = new HeldFile()
  const engine = new SqliteEngine(() => new Database(join(folder, `${++files}.db`)), {
    name: "held",
    storage: "file",
    file: () => file,
    pollInterval: 5,
  })
  const store = openStoreAtOnce(engine, { clock, onError: () => {} })
  await clock.pass(0)
  const written = store.set("u", "a", 1).catch((error: unknown) => error)
  const closed = store.close()
  await clock.pass(0)
  file.release(new Error("EIO"))
  expect(await written).toMatchObject({ code: "storage_unavailable" })
  await closed
  expect(clock.timers).toBe(0)
})
