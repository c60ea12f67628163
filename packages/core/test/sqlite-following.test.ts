import { execFile } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/better-sqlite3"
import { openStoreAtOnce } from "@tidemark/core/engine"
import { SqliteEngine } from "@tidemark/core/sqlite"
import { TestClock } from "@tidemark/core/testing"
import Database from "better-sqlite3"
import { afterEach, expect, it, vi } from "vitest"
import { temporaryFolder } from "./folder.ts"
import { HeldFile } from "./held-file.ts"
import { turn } from "./turn.ts"

const folder = temporaryFolder()
let files = 0
const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

const freshPath = () => join(folder, `${++files}.db`)

/** A store that follows by a clock that stands still, and another one on the same file. */
function pair(options: { pollInterval?: number | false } = {}) {
  const path = freshPath()
  const clock = new TestClock()
  const mine = openStore({ path, clock, durability: "process", ...options })
  const theirs = openStore({ path, durability: "process", pollInterval: false })
  open.push(mine, theirs)
  return { path, clock, mine, theirs }
}

function watched(store: Store): unknown[] {
  const seen: unknown[] = []
  store.watch("*").subscribe({
    next: ({ seq, key, value, previous }) => seen.push([seq, key, value, previous]),
    error: ({ code }) => seen.push(code),
  })
  return seen
}

it("Z14 a snapshot is never older than what was read before it, and follows others for that", async () => {
  const { mine, theirs } = pair()
  const seen = watched(mine)
  await theirs.set("u", "a", 1)
  expect(await mine.get("u", "a")).toBe(1)
  expect(mine.position).toBe(0)
  expect(await mine.snapshot()).toMatchObject({ seq: 1, entries: [{ key: "a", value: 1 }] })
  expect(mine.position).toBe(1)
  await theirs.set("u", "a", 2)
  expect(await mine.snapshot([])).toEqual({ seq: 2, entries: [] })
  expect(seen.map((change) => (change as unknown[])[0])).toEqual([1, 2])
})

it("Z14 the changes of another process arrive in order, with values, each once, within a poll", async () => {
  const { clock, mine, theirs } = pair()
  const seen = watched(mine)
  const [key, list] = [mine.live("u", "a"), mine.liveList("u", { orderBy: "n" })]
  key.subscribe(() => {})
  list.subscribe(() => {})
  await mine.set("u", "a", { n: 2 })
  await theirs.set("u", "b", { n: 1 })
  await theirs.set("u", "a", { n: 3 })
  expect([mine.position, mine.peek("u", "a"), seen.length]).toEqual([1, { n: 2 }, 1])
  await clock.pass(25)
  expect([mine.position, mine.peek("u", "a"), key.get()]).toEqual([3, { n: 3 }, { n: 3 }])
  expect(list.get().map((entry) => entry.key)).toEqual(["b", "a"])
  await theirs.delete("u", "b")
  await clock.pass(25)
  expect(list.get().map((entry) => entry.key)).toEqual(["a"])
  expect(seen).toEqual([
    [1, "a", { n: 2 }, undefined],
    [2, "b", { n: 1 }, undefined],
    [3, "a", { n: 3 }, { n: 2 }],
    [4, "b", { n: 1 }, undefined],
  ])
})

it("Z14 foreign changes and own writes are told in the one order of the file", async () => {
  const { clock, mine, theirs } = pair()
  const seen = watched(mine)
  for (let n = 0; n < 30; n++) {
    await (n % 3 === 0 ? mine : theirs).set("u", `k${n}`, n)
    if (n % 7 === 0) await clock.pass(25)
  }
  await clock.pass(25)
  expect(seen).toEqual(Array.from({ length: 30 }, (_, n) => [n + 1, `k${n}`, n, undefined]))
})

it("Z14 a live listener sees a foreign batch as a whole, however many changes there are", async () => {
  const { clock, mine, theirs } = pair()
  const seen: unknown[] = []
  const keys = ["k0", "k1500", "k2499"].map((key) => mine.live("u", key))
  keys[0]?.subscribe(() => seen.push(keys.map((live) => live.get())))
  for (const live of keys.slice(1)) live.subscribe(() => {})
  const batch = (value: number) =>
    Array.from({ length: 2_500 }, (_, n) => [`k${n}`, value] as const)
  await theirs.set("u", "before", 1)
  await theirs.setMany("u", batch(1))
  await theirs.setMany("u", batch(2))
  const all = watched(mine)
  await clock.pass(25)
  expect(seen).toEqual([
    [1, 1, 1],
    [2, 2, 2],
  ])
  expect(all.map((change) => (change as [number])[0])).toEqual(
    Array.from({ length: 5_001 }, (_, n) => n + 1),
  )
})

it.each([0, false] as const)(
  "Z14 with pollInterval %s foreign changes are told with the next own write",
  async (pollInterval) => {
    const { clock, mine, theirs } = pair({ pollInterval })
    const seen = watched(mine)
    await theirs.set("u", "a", 1)
    await clock.pass(10_000)
    expect([seen, await mine.get("u", "a"), clock.timers]).toEqual([[], 1, 0])
    await mine.set("u", "b", 1)
    expect(seen).toEqual([
      [1, "a", 1, undefined],
      [2, "b", 1, undefined],
    ])
  },
)

it.each([-1, 0.5, Number.NaN, 2 ** 31])(
  "Z14 a pollInterval of %s is invalid_value",
  (pollInterval) => {
    expect(() => openStore({ path: freshPath(), pollInterval })).toThrow(
      expect.objectContaining({ code: "invalid_value", details: { pollInterval } }),
    )
  },
)

/** A store whose file is in the hands of the test, and another one on the same file. */
function heldPair() {
  const path = freshPath()
  const clock = new TestClock()
  const file = new HeldFile()
  const reported: unknown[] = []
  const engine = new SqliteEngine(() => new Database(path), {
    name: "held",
    storage: "file",
    file: () => file,
    pollInterval: 25,
  })
  const mine = openStoreAtOnce(engine, { clock, onError: (error) => reported.push(error) })
  const theirs = openStore({ path, durability: "process", pollInterval: false })
  open.push(mine, theirs)
  return { path, clock, file, mine, theirs, reported }
}

it("Z14 at full durability a foreign change shows at once, and is told after a sync of our own", async () => {
  const { clock, file, mine, theirs } = heldPair()
  const seen = watched(mine)
  await theirs.set("u", "a", 1)
  await clock.pass(25)
  expect([mine.peek("u", "a"), seen, mine.position, file.syncs]).toEqual([1, [], 0, 1])
  file.release()
  await turn()
  expect([seen, mine.position]).toEqual([[[1, "a", 1, undefined]], 1])
})

it("Z14 a hint makes the next look come sooner, and many hints make one look", async () => {
  const { clock, file, mine, theirs } = heldPair()
  await theirs.set("u", "a", 1)
  for (let n = 0; n < 100; n++) file.hint()
  await clock.pass(2)
  expect([mine.peek("u", "a"), clock.timers]).toEqual([1, 1])
  file.release()
})

it("Z14 a file that was removed or replaced takes no writes, and says so until it is back", async () => {
  const { clock, file, mine } = heldPair()
  const first = mine.set("u", "a", 1)
  await turn()
  file.release()
  await first
  file.replaced = true
  await clock.pass(1_000)
  const failure = {
    code: "storage_unavailable",
    message: expect.stringMatching(/removed|replaced/),
  }
  expect(mine.status.get()).toMatchObject({ health: "failing", failure: { error: failure } })
  await expect(mine.set("u", "b", 1)).rejects.toMatchObject(failure)
  expect([mine.peek("u", "b"), await mine.get("u", "a")]).toEqual([undefined, 1])
  await clock.pass(30_000)
  expect(mine.status.get().health).toBe("failing")
  file.replaced = false
  await clock.pass(11_000)
  expect(mine.status.get().health).toBe("ok")
  // A hint is reason enough to look whether it is there.
  file.replaced = true
  file.hint()
  await clock.pass(2)
  expect(mine.status.get().health).toBe("failing")
})

it("Z14 a database that is restored in place is another sequence: shown anew, and told as such", async () => {
  const { path, clock, mine, theirs } = pair()
  await mine.setMany("u", { a: 1, b: 1, c: 1 })
  await mine.set("u", "a", 2)
  const before = mine.epoch
  const seen = watched(mine)
  const [key, list] = [mine.live("u", "a"), mine.liveList("u")]
  const told: unknown[] = []
  key.subscribe(() => told.push(key.get()))
  list.subscribe(() => {})
  expect(mine.peek("u", "a")).toBe(2)

  restore(path)
  await clock.pass(25)
  expect([mine.epoch, mine.position]).toEqual(["restored", 1])
  expect(before).not.toBe("restored")
  expect([mine.peek("u", "a"), key.get(), told.at(-1)]).toEqual(["old", "old", "old"])
  expect(list.get().map((entry) => [entry.key, entry.value])).toEqual([["a", "old"]])
  expect(seen).toEqual(["position_too_old"])
  const later = watched(mine)
  expect(await mine.set("u", "b", 9)).toEqual({ outcome: "created", version: 1, seq: 2 })
  await theirs.set("u", "c", 9)
  await clock.pass(25)
  expect(later).toEqual([
    [2, "b", 9, undefined],
    [3, "c", 9, undefined],
  ])
  expect(await mine.snapshot()).toMatchObject({ seq: 3, entries: [{}, {}, {}] })
})

it("Z14 a write that meets a restored database goes into it, after all is read again", async () => {
  const { path, mine } = pair({ pollInterval: false })
  await mine.setMany("u", { a: 1, b: 1, c: 1 })
  const list = mine.liveList("u")
  list.subscribe(() => {})
  const seen = watched(mine)
  restore(path)
  expect(await mine.set("u", "b", 2)).toEqual({ outcome: "created", version: 1, seq: 2 })
  expect(list.get().map((entry) => [entry.key, entry.value])).toEqual([
    ["a", "old"],
    ["b", 2],
  ])
  expect([mine.epoch, mine.position, seen]).toEqual(["restored", 2, ["position_too_old"]])
})

it("Z14 a restored database is told when it is durable, after the syncs of the old one", async () => {
  const { path, clock, file, mine } = heldPair()
  const first = mine.set("u", "a", 1)
  await turn()
  restore(path)
  await clock.pass(50)
  expect(mine.epoch).not.toBe("restored")
  file.release()
  await first
  await clock.pass(50)
  expect([mine.epoch, mine.position, mine.peek("u", "a")]).toEqual(["restored", 1, "old"])
})

it("Z14 who is behind a log that was pruned meanwhile reads everything again", async () => {
  const { mine, theirs } = pair({ pollInterval: false })
  await mine.set("u", "a", 1)
  const list = mine.liveList("u")
  list.subscribe(() => {})
  const seen = watched(mine)
  await theirs.set("u", "a", 2)
  await theirs.set("u", "b", 1)
  await theirs.set("u", "b", 2)
  await theirs.prune({ changes: 0, versions: 0 })
  await mine.set("u", "c", 1)
  expect(list.get().map((entry) => [entry.key, entry.value])).toEqual([
    ["a", 2],
    ["b", 2],
    ["c", 1],
  ])
  expect([seen, mine.position]).toEqual([["position_too_old"], 5])
})

it("Z14 an error while looking that nobody understands is reported once, and looking goes on", async () => {
  const { clock, path, file, mine, theirs, reported } = heldPair()
  const other = new Database(path)
  other.exec("ALTER TABLE meta RENAME TO elsewhere")
  await clock.pass(1_000)
  expect(reported).toHaveLength(1)
  other.exec("ALTER TABLE elsewhere RENAME TO meta")
  other.close()
  await theirs.set("u", "a", 1)
  await clock.pass(25)
  expect([mine.peek("u", "a"), reported.length]).toEqual([1, 1])
  file.release()
})

it.runIf(process.platform === "linux")(
  "Z14 the system's hint alone is enough on Linux, where it comes",
  async () => {
    const path = freshPath()
    const mine = openStore({ path, pollInterval: 2 ** 31 - 1 })
    const theirs = openStore({ path, pollInterval: false })
    open.push(mine, theirs)
    const seen = watched(mine)
    await theirs.set("u", "a", 1)
    await vi.waitFor(() => expect(seen).toEqual([[1, "a", 1, undefined]]))
  },
)

it("Z14 following keeps no process alive", async () => {
  const openOnly = fileURLToPath(new URL("open-only.mjs", import.meta.url))
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [openOnly, freshPath()])
  expect([stdout, stderr]).toEqual(["open\n", ""])
})

/** Puts another state in place of a database, as another process would: with an epoch of its own. */
function restore(path: string): void {
  const database = new Database(path)
  database.exec(`
    BEGIN IMMEDIATE;
    DELETE FROM log;
    DELETE FROM kv;
    UPDATE meta SET value = 'restored' WHERE name = 'epoch';
    INSERT INTO log (seq, batch, type, kind, key, version, at, value)
      VALUES (1, 1, 'create', 'u', 'a', 1, 1, '"old"');
    INSERT INTO kv (kind, key, seq, deleted) VALUES ('u', 'a', 1, 0);
    COMMIT;
  `)
  database.close()
}

it("Z14 who has missed much reads it in pages, in order, before it takes the lock", async () => {
  let inTransaction = false
  let most = 0
  class Noted extends Database {
    override exec(sql: string): never {
      inTransaction = sql.startsWith("BEGIN")
      return super.exec(sql) as never
    }
    override prepare(sql: string): never {
      const statement = super.prepare(sql)
      const all = statement.all.bind(statement)
      statement.all = (...parameters: unknown[]) => {
        const rows = all(...parameters)
        if (inTransaction && sql.includes("LEFT JOIN log p")) most = Math.max(most, rows.length)
        return rows
      }
      return statement as never
    }
  }
  const path = join(folder, "missed.db")
  const store = openStore({ path, pollInterval: false, driver: Noted })
  const other = openStore({ path })
  const seen: number[] = []
  store.watch("u").subscribe(({ seq }) => seen.push(seq))
  for (let n = 0; n < 50; n++) {
    await other.setMany(
      "u",
      Array.from({ length: 100 }, (_, key) => [`k${key}`, n] as const),
    )
  }
  await store.set("u", "own", 1)
  await vi.waitFor(() => expect(seen).toHaveLength(5_001))
  expect(seen).toEqual(Array.from({ length: 5_001 }, (_, n) => n + 1))
  expect(most).toBe(0)
  await store.close()
  await other.close()
})
