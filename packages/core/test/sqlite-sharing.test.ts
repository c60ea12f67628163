import { execFile } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { openStore } from "@tidemark/core/better-sqlite3"
import Database from "better-sqlite3"
import { expect, it, vi } from "vitest"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
const writer = fileURLToPath(new URL("writer.mjs", import.meta.url))
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

it("Z12 two stores on one file, writing in turn, lose nothing and share one sequence", async () => {
  const path = join(folder, "two.db")
  const stores = [openStore({ path }), openStore({ path })] as const
  const seen: number[][] = [[], []]
  stores.forEach((store, index) => {
    store.watch("*").subscribe(({ seq }) => seen[index]?.push(seq))
  })
  for (let n = 0; n < 40; n++) {
    const result = await stores[n % 2 === 0 ? 0 : 1].set("u", `k${n % 5}`, n)
    expect(result).toEqual({
      outcome: n < 5 ? "created" : "updated",
      version: Math.floor(n / 5) + 1,
      seq: n + 1,
    })
  }
  await vi.waitFor(() => expect(seen).toEqual([upTo(40), upTo(40)]))
  await Promise.all(stores.map((store) => store.close()))
})

it("Z7 ifVersion and update see what another store has written to the file", async () => {
  const path = join(folder, "versions.db")
  const [mine, theirs] = [openStore({ path }), openStore({ path })]
  await mine.set("u", "a", 1)
  await theirs.set("u", "a", 2)
  expect(await mine.get("u", "a")).toBe(2)
  await expect(mine.set("u", "a", 3, { ifVersion: 1 })).rejects.toMatchObject({ code: "conflict" })
  await theirs.update("u", "a", (value) => (value as number) + 10)
  await mine.update("u", "a", (value) => (value as number) + 100)
  expect(await theirs.entry("u", "a")).toMatchObject({ value: 112, version: 4, seq: 4 })
  await Promise.all([mine.close(), theirs.close()])
})

it("Z2 a write that another store made unnecessary is unchanged", async () => {
  const path = join(folder, "unchanged.db")
  const [mine, theirs] = [openStore({ path }), openStore({ path })]
  await mine.set("u", "a", 1)
  await theirs.set("u", "a", 2)
  expect(await mine.set("u", "a", 2)).toEqual({ outcome: "unchanged", version: 2, seq: 2 })
  expect(mine.peek("u", "a")).toBe(2)
  await Promise.all([mine.close(), theirs.close()])
})

it("Z12 a snapshot is of one position, also where another store has written", async () => {
  const path = join(folder, "snapshot.db")
  const [mine, theirs] = [openStore({ path }), openStore({ path })]
  await mine.set("u", "a", 1)
  await theirs.set("u", "b", 2)
  const { seq, entries } = await mine.snapshot()
  // Whether it knows of the other one's write yet or not.
  expect([["a"], ["a", "b"]][seq - 1]).toEqual(entries.map(({ key }) => key))

  const seen: unknown[] = []
  const watch = mine.watch("u", { from: "current" })
  watch.subscribe(({ key, seq }) => seen.push([key, seq]))
  await watch.synced
  await mine.set("u", "c", 3)
  await Promise.all([mine.close(), theirs.close()])
  expect(seen).toEqual([
    ["a", 1],
    ["b", 2],
    ["c", 3],
  ])
})

it("Z12 processes that open a new file at the same moment all get the same store", async () => {
  for (let round = 0; round < 3; round++) {
    const path = join(folder, `new-${round}.db`)
    const seqs = await writeInProcesses(path, ["a", "b", "c", "d"], 3)
    expect(seqs.toSorted((a, b) => a - b)).toEqual(upTo(12))
  }
})

it("Z12 opening waits for another process that keeps the file from its switch to WAL", async () => {
  let refusals = 3
  class Contended extends Database {
    override exec(sql: string): this {
      if (sql.includes("journal_mode") && refusals-- > 0) throw busy()
      return super.exec(sql)
    }
  }
  const store = openStore({ path: join(folder, "contended.db"), driver: Contended })
  expect(refusals).toBe(-1)
  await store.close()
  refusals = Number.POSITIVE_INFINITY
  const path = join(folder, "held.db")
  expect(() => openStore({ path, driver: Contended, busyTimeout: 20 })).toThrow("Another process")
})

it("Z12 two processes writing at once lose nothing and never share a seq", async () => {
  const path = join(folder, "processes.db")
  const seqs = await writeInProcesses(path, ["a", "b"], 150)
  expect(seqs.toSorted((a, b) => a - b)).toEqual(upTo(300))
  const store = openStore({ path })
  const names = ["a", "b"].flatMap((name) => upTo(150).map((n) => `${name}${n - 1}`))
  expect(new Set(await store.keys("u"))).toEqual(new Set(names))
  expect(store.position).toBe(300)
  await store.close()
})

function busy(): Error {
  return Object.assign(new Error("database is locked"), { code: "SQLITE_BUSY" })
}

/** Each process writes so many entries; gives the seqs they were acknowledged with. */
async function writeInProcesses(path: string, names: string[], count: number): Promise<number[]> {
  const run = promisify(execFile)
  const outputs = await Promise.all(
    names.map((name) => run(process.execPath, [writer, path, name, String(count), "process"])),
  )
  return outputs.flatMap(({ stdout }) => stdout.trim().split("\n").map(Number))
}
