import { join } from "node:path"
import type { Store } from "@tidemark/core"
import { openStoreAtOnce } from "@tidemark/core/engine"
import { openStore } from "@tidemark/core/memory"
import { SqliteEngine } from "@tidemark/core/sqlite"
import Database from "better-sqlite3"
import { expect, it } from "vitest"
import { temporaryFolder } from "./folder.ts"
import { HeldFile } from "./held-file.ts"
import { turn } from "./turn.ts"

const folder = temporaryFolder()
let files = 0

function openHeld(path = join(folder, `${++files}.db`)): { store: Store; file: HeldFile } {
  const file = new HeldFile()
  const engine = new SqliteEngine(() => new Database(path), {
    name: "held",
    storage: "file",
    file: () => file,
  })
  return { store: openStoreAtOnce(engine), file }
}

/** Notes how a promise ends. */
function noted(promise: Promise<unknown>): { end: unknown } {
  const note: { end: unknown } = { end: "waiting" }
  promise.then(
    (value) => {
      note.end = value
    },
    (error) => {
      note.end = error
    },
  )
  return note
}

it("Z2 a write shows at once, and is acknowledged and told when it is on the disk", async () => {
  const { store, file } = openHeld()
  const seen: string[] = []
  store.watch("u").subscribe(({ key }) => seen.push(key))
  const live = store.live("u", "a")
  const written = noted(store.set("u", "a", 1))
  await turn()
  expect([store.peek("u", "a"), live.get(), await store.get("u", "a")]).toEqual([1, 1, 1])
  expect(store.status.get().pending).toBe(0)
  expect([written.end, seen, store.position, file.syncs]).toEqual(["waiting", [], 0, 1])
  expect(await store.changes({ after: 0 })).toEqual([])

  file.release()
  await turn()
  expect(written.end).toMatchObject({ outcome: "created", seq: 1 })
  expect([seen, store.position]).toEqual([["a"], 1])
  expect(await store.changes({ after: 0 })).toMatchObject([{ seq: 1, key: "a" }])
  await store.close()
})

it("Z16 a dump does not tell what is not durable yet", async () => {
  const { store, file } = openHeld()
  const first = store.setMany("u", { a: 1, b: 1, c: 1 })
  await turn()
  file.release()
  await first
  const changed = store.setMany("u", { a: 2, c: 2 })
  const gone = store.delete("u", "b")
  await turn()
  const lines: string[] = []
  for await (const line of store.dump()) lines.push(line)
  file.release()
  await Promise.all([changed, gone])
  const copy = openStore()
  await copy.load(lines)
  expect((await copy.list("u")).map(({ key, value }) => [key, value])).toEqual([
    ["a", 1],
    ["b", 1],
    ["c", 1],
  ])
  await copy.close()
  await store.close()
})

it("Z2 the position has reached a write when its promise resolves", async () => {
  const { store, file } = openHeld()
  const reached = store.set("u", "a", 1).then(({ seq }) => [seq, store.position])
  await turn()
  file.release()
  expect(await reached).toEqual([1, 1])
  await store.close()
})

it("Z2 one sync serves all commits that wait, and none is served by a sync that began before it", async () => {
  const { store, file } = openHeld()
  const first = noted(store.set("u", "a", 1))
  await turn()
  const rest = ["b", "c", "d"].map((key) => noted(store.set("u", key, 1)))
  await turn()
  for (const key of ["e", "f"]) rest.push(noted(store.set("u", key, 1)))
  await turn()
  expect([file.syncs, store.position]).toEqual([1, 0])
  file.release()
  await turn()
  expect(first.end).toMatchObject({ seq: 1 })
  expect(rest.map(({ end }) => end)).toEqual(rest.map(() => "waiting"))
  expect([file.syncs, store.position]).toEqual([2, 1])
  file.release()
  await turn()
  expect(rest.map(({ end }) => (end as { seq: number }).seq)).toEqual([2, 3, 4, 5, 6])
  expect([file.syncs, store.position]).toEqual([2, 6])
  await store.close()
})

it("Z2 a write that changes nothing waits for what it found, and for nothing else", async () => {
  const { store, file } = openHeld()
  const first = noted(store.set("u", "a", 1))
  await turn()
  const same = noted(store.set("u", "a", 1))
  await turn()
  expect([first.end, same.end]).toEqual(["waiting", "waiting"])
  file.release()
  await turn()
  expect(first.end).toMatchObject({ outcome: "created" })
  file.release()
  await turn()
  expect(same.end).toMatchObject({ outcome: "unchanged", seq: 1 })
  const syncs = file.syncs
  expect(await store.set("u", "a", 1)).toMatchObject({ outcome: "unchanged" })
  expect(file.syncs).toBe(syncs)
  await store.close()
})

it("Z3 a snapshot and a replay wait until what they tell is on the disk", async () => {
  const { store, file } = openHeld()
  const written = store.set("u", "a", 1)
  await turn()
  const snapshot = noted(store.snapshot())
  const replays: unknown[] = []
  for (const target of ["u", ["u", "a"], "*"] as const) {
    store
      .watch(target, { from: "current" })
      .subscribe(({ key, replay }) => replays.push([key, replay]))
  }
  await turn()
  expect([snapshot.end, replays]).toEqual(["waiting", []])
  file.release()
  await written
  await turn()
  expect(snapshot.end).toMatchObject({ seq: 1, entries: [{ key: "a" }] })
  expect(replays).toEqual([
    ["a", true],
    ["a", true],
    ["a", true],
  ])
  await store.close()
})

it("Z3 a reader that is behind the changes in memory is not told more than is on the disk", async () => {
  const { store, file } = openHeld()
  const many = Array.from({ length: 9_000 }, (_, n) => [`k${n}`, n] as const)
  const first = store.setMany("u", many)
  await turn()
  file.release()
  await first
  const second = store.setMany("v", many)
  await turn()
  let count = 0
  store.watch("*", { from: 0 }).subscribe(() => count++)
  await turn()
  expect(count).toBe(9_000)
  expect(await store.changes({ after: 8_990, limit: 100 })).toHaveLength(10)
  file.release()
  await second
  await turn()
  expect(count).toBe(18_000)
  await store.close()
})

it("Z2 a sync that fails rejects what waits, which is in place, and nothing is written after it", async () => {
  const path = join(folder, "failed.db")
  const { store, file } = openHeld(path)
  const seen: string[] = []
  store.watch("u").subscribe(({ key }) => seen.push(key))
  const during = noted(store.set("u", "a", 1))
  await turn()
  const behind = noted(store.set("u", "b", 1))
  await turn()
  file.release(new Error("EIO: i/o error, fdatasync"))
  await turn()
  for (const { end } of [during, behind]) {
    expect(end).toMatchObject({
      code: "storage_unavailable",
      message: expect.stringContaining("in place"),
      details: { reason: "EIO: i/o error, fdatasync" },
    })
  }
  await expect(store.set("u", "c", 1)).rejects.toMatchObject({ code: "storage_unavailable" })
  expect(["a", "b", "c"].map((key) => store.peek("u", key))).toEqual([1, 1, undefined])
  expect([seen, store.position, file.syncs]).toEqual([[], 0, 1])
  await store.close()

  const again = openHeld(path).store
  expect(await again.keys("u")).toEqual(["a", "b"])
  expect(again.position).toBe(2)
  await again.close()
})

it("Z17 close waits for the sync that is under way, then lets go of the file", async () => {
  const { store, file } = openHeld()
  const written = noted(store.set("u", "a", 1))
  const closed = noted(store.close())
  await turn()
  expect([written.end, closed.end, file.closed]).toEqual(["waiting", "waiting", false])
  file.release()
  await turn()
  expect(written.end).toMatchObject({ outcome: "created" })
  expect([closed.end, file.closed]).toEqual([undefined, true])
})

it("Z17 what a watch waits for at the end is not told, and ends it", async () => {
  const { store, file } = openHeld()
  const written = noted(store.set("u", "a", 1))
  await turn()
  file.release(new Error("EIO"))
  await turn()
  expect(written.end).toMatchObject({ code: "storage_unavailable" })
  const told: string[] = []
  store.watch("u", { from: "current" }).subscribe({
    next: ({ key }) => told.push(key),
    complete: () => told.push("complete"),
    error: ({ code }) => told.push(code),
  })
  const snapshot = noted(store.snapshot())
  await store.close()
  await turn()
  expect(told).toEqual(["closed"])
  expect(snapshot.end).toMatchObject({ code: "closed" })
})

it("Z17 an opening that cannot make durable what it finds is storage_unavailable", () => {
  const file = new HeldFile()
  file.failure = new Error("EIO: i/o error, fdatasync")
  const connection = new Database(join(folder, "unsynced.db"))
  const engine = new SqliteEngine(() => connection, {
    name: "held",
    storage: "file",
    file: () => file,
  })
  expect(() => openStoreAtOnce(engine)).toThrow(
    expect.objectContaining({ code: "storage_unavailable", cause: file.failure }),
  )
  expect([file.closed, connection.open]).toEqual([true, false])
})
