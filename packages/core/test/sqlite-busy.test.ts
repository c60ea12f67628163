import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/better-sqlite3"
import { TestClock } from "@tidemark/core/testing"
import Database from "better-sqlite3"
import { afterEach, expect, it } from "vitest"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
let files = 0
const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

/** A store, and another program's connection to the same file. */
function shared(busyTimeout = 5_000): { store: Store; other: Database.Database; clock: TestClock } {
  const path = join(folder, `${++files}.db`)
  const clock = new TestClock()
  const store = openStore({ path, clock, busyTimeout, durability: "process" })
  const other = new Database(path)
  open.push(other, store)
  return { store, other, clock }
}

it("E9 a write that meets another writer waits, shown, while others read, and lands after it", async () => {
  const { store, other, clock } = shared()
  await store.set("u", "a", 1)
  const live = store.live("u", "a")
  other.exec("BEGIN IMMEDIATE")
  let acknowledged = 0
  const note = () => acknowledged++
  const first = store.set("u", "a", 2).then(note)
  await clock.pass(2_000)
  const second = store.set("u", "b", 2).then(note)
  await clock.pass(1_000)
  // Others read meanwhile, and what is pending shows.
  expect([acknowledged, await store.get("u", "a"), live.get()]).toEqual([0, 2, 2])
  expect([await store.count("u"), (await store.history("u", "a")).length]).toEqual([2, 1])
  expect([store.status.get().pending, store.position]).toEqual([2, 1])
  other.exec("COMMIT")
  await clock.pass(25)
  await Promise.all([first, second])
  expect([acknowledged, store.status.get().pending]).toEqual([2, 0])
  expect((await store.changes({ after: 0 })).map(({ key, value }) => [key, value])).toEqual([
    ["a", 1],
    ["a", 2],
    ["b", 2],
  ])
})

it("E9 timers fire while another process keeps the file, and the write lands when it lets go", async () => {
  const path = join(folder, "process.db")
  const store = openStore({ path, busyTimeout: 60_000 })
  open.push(store)
  await store.set("u", "a", 1)
  const holder = spawn(process.execPath, [
    fileURLToPath(new URL("holder.mjs", import.meta.url)),
    path,
  ])
  const exited = once(holder, "exit")
  await once(holder.stdout, "data") // It has the file.
  let acknowledged = false
  const written = store.set("u", "a", 2).then(() => {
    acknowledged = true
  })
  for (let ticks = 0; ticks < 30; ticks++) {
    await new Promise((resolve) => setTimeout(resolve, 1))
    expect([acknowledged, await store.get("u", "a"), await store.count("u")]).toEqual([false, 2, 1])
  }
  holder.stdin.end()
  await written
  expect(await exited).toEqual([0, null])
  expect(await store.history("u", "a")).toMatchObject([{ value: 2 }, { value: 1 }])
})

it("E9 a process with nothing else to do does not end while its write waits for another one", async () => {
  const alone = fileURLToPath(new URL("alone.mjs", import.meta.url))
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    alone,
    join(folder, "alone.db"),
  ])
  expect([stdout, stderr]).toEqual(["1\n", ""])
})

it("E9 a write is busy when its time is over: its effect is undone, and those behind it have their own time", async () => {
  const { store, other, clock } = shared(200)
  await store.set("u", "a", 1)
  const live = store.liveList("u")
  other.exec("BEGIN IMMEDIATE")
  const first = store.set("u", "a", 2)
  const refused = expect(first).rejects.toMatchObject({ code: "busy", hint: /busyTimeout/ })
  await clock.pass(150)
  const second = store.set("u", "b", 1)
  expect(live.get().map(({ key, value }) => [key, value])).toEqual([
    ["a", 2],
    ["b", 1],
  ])
  await clock.pass(60)
  await refused
  expect([store.peek("u", "a"), store.peek("u", "b")]).toEqual([1, 1])
  expect(live.get().map(({ key, value }) => [key, value])).toEqual([
    ["a", 1],
    ["b", 1],
  ])
  other.exec("COMMIT")
  await clock.pass(25)
  expect(await second).toMatchObject({ outcome: "created" })
})

it("E9 a write that waits meets what was written meanwhile", async () => {
  const path = join(folder, "meanwhile.db")
  const clock = new TestClock()
  const [mine, theirs] = [
    openStore({ path, clock, durability: "process" }),
    openStore({ path, durability: "process" }),
  ]
  open.push(mine, theirs)
  await theirs.set("u", "n", 1)
  const blocker = new Database(path)
  open.push(blocker)
  blocker.exec("BEGIN IMMEDIATE")
  const adding = mine.update("u", "n", (n) => (n as number) + 10)
  const guarded = mine.set("u", "n", 0, { ifVersion: 1 })
  const refused = expect(guarded).rejects.toMatchObject({ code: "conflict" })
  await clock.pass(50)
  blocker.exec("COMMIT")
  await theirs.set("u", "n", 2)
  await clock.pass(200)
  await Promise.all([adding, refused])
  expect(await theirs.get("u", "n")).toBe(12)
  expect((await mine.changes({ after: 0 })).map(({ value }) => value)).toEqual([1, 2, 12])
})

it("Z17 close waits for a write that waits for another process", async () => {
  const { store, other, clock } = shared()
  other.exec("BEGIN IMMEDIATE")
  const written = store.set("u", "a", 1)
  const closed = store.close()
  await clock.pass(100)
  other.exec("COMMIT")
  await clock.pass(25)
  expect(await written).toMatchObject({ outcome: "created" })
  await closed
})

it("E9 a read that finds the file busy waits too, and what is only peeked at is not there yet", async () => {
  let refusals = 0
  const file = join(folder, "reads.db")
  class Contended extends Database {
    override prepare(sql: string): never {
      const statement = super.prepare(sql)
      const refusing =
        <R>(call: (...given: unknown[]) => R) =>
        (...given: unknown[]): R => {
          if (refusals > 0 && refusals-- > 0) {
            throw Object.assign(new Error("database is locked"), { code: "SQLITE_BUSY_RECOVERY" })
          }
          return call.apply(statement, given)
        }
      return {
        run: refusing(statement.run),
        get: refusing(statement.get),
        all: refusing(statement.all),
      } as never
    }
  }
  const clock = new TestClock()
  const store = openStore({ path: file, driver: Contended, clock, durability: "process" })
  open.push(store)
  await store.setMany("u", { a: 1, b: 2 })
  const again = openStore({ path: file, driver: Contended, clock, durability: "process" })
  open.push(again)
  refusals = 3
  expect(again.peek("u", "a")).toBeUndefined()
  const read = again.get("u", "b")
  await clock.pass(100)
  expect([await read, again.peek("u", "a")]).toEqual([2, 1])
  refusals = Number.POSITIVE_INFINITY
  const list = again.list("u")
  const refused = expect(list).rejects.toMatchObject({ code: "busy" })
  await clock.pass(5_100)
  await refused
  refusals = 0
})
