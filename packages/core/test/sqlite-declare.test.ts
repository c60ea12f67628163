import { join } from "node:path"
import { kind, type Query, type Store } from "@tidemark/core"
import { betterSqlite3Engine, openStore, restoreBackup } from "@tidemark/core/better-sqlite3"
import { type EngineContext, Packed, plainContext } from "@tidemark/core/engine"
import { TestClock } from "@tidemark/core/testing"
import Database from "better-sqlite3"
import { expect, it } from "vitest"
import { temporaryFolder } from "./folder.ts"
import { listener } from "./listener.ts"

const folder = temporaryFolder()
let files = 0

const freshPath = () => join(folder, `${++files}.db`)

const DAY = 86_400_000
const ordered: Query = { orderBy: "n", limit: 50 }
const entries = (count: number) =>
  Array.from(
    { length: count },
    (_, n) => [`k${n}`, { n: (n * 7) % count, even: n % 2 === 0 }] as const,
  )

const kinds = { u: kind<unknown>({ indexes: ["n"] }) }

/** What stands in the file about its indexes. */
function listed(path: string): unknown {
  const database = new Database(path, { readonly: true })
  const rows = database.prepare("SELECT kind, fields, schema, state FROM indexes ORDER BY id").all()
  database.close()
  return rows
}

it("Z1 an index that is declared later is made when the file is opened, for scopes too", async () => {
  const path = freshPath()
  const scoped = "tidemark:scope/a:u"
  const first = betterSqlite3Engine({ path })
  first.open(listener(), plainContext)
  await first.commit([
    { id: 1, at: 0, ops: [{ type: "set", kind: scoped, key: "x", value: { n: 1 } }] },
  ])
  await first.close()
  const plain = openStore({ path }) as Store
  await plain.setMany("u", entries(12_000))
  await plain.delete("u", "k0")
  await plain.close()
  expect(listed(path)).toEqual([])
  const store = openStore({ path, kinds }) as Store
  expect(listed(path)).toEqual([{ kind: "u", fields: '["n"]', schema: 1, state: "ready" }])
  expect((await store.list("u", ordered))[0]?.value).toMatchObject({ n: 1 })
  expect(await store.count("u", { where: { n: { $lt: 100 } } })).toBe(99)
  expect(await store.check()).toEqual({ ok: true, problems: [] })
  await store.close()
  const database = new Database(path)
  expect(database.prepare("SELECT key FROM places WHERE kind = ?").all(scoped)).toEqual([
    { key: "x" },
  ])
  database.close()
})

it("Z1 a store without the declaration keeps the indexes of the file, also while both are open", async () => {
  const path = freshPath()
  const before = openStore({ path }) as Store
  const store = openStore({ path, kinds }) as Store
  const after = openStore({ path }) as Store
  await before.set("u", "a", { n: 2 })
  await after.set("u", "b", { n: 1 })
  await before.set("u", "c", { n: 3 })
  await after.delete("u", "c")
  expect(await store.keys("u", ordered)).toEqual(["b", "a"])
  expect(await store.count("u", { where: { n: 2 } })).toBe(1)
  expect(await store.check()).toEqual({ ok: true, problems: [] })
  for (const one of [before, store, after]) await one.close()
})

it("Z1 making an index goes on where it was stopped, and what is written meanwhile is in it", async () => {
  const path = freshPath()
  const plain = openStore({ path, durability: "process" }) as Store
  await plain.setMany("u", entries(12_000))
  let steps = 0
  class Stopping extends Database {
    override exec(sql: string): this {
      if (sql === "BEGIN immediate" && ++steps === 3) throw new Error("The process ends")
      return super.exec(sql)
    }
  }
  expect(() => openStore({ path, kinds, driver: Stopping })).toThrow("The process ends")
  expect(listed(path)).toMatchObject([{ state: "building" }])
  const database = new Database(path)
  expect(database.prepare("SELECT count(*) AS n FROM places").get()).toEqual({ n: 5_000 })
  database.close()
  await plain.set("u", "k1", { n: -1 })
  await plain.set("u", "zzz", { n: -2 })
  await plain.delete("u", "k2")
  await plain.close()
  const store = openStore({ path, kinds }) as Store
  expect((await store.keys("u", ordered)).slice(0, 3)).toEqual(["zzz", "k1", "k0"])
  expect(await store.check()).toEqual({ ok: true, problems: [] })
  await store.close()
})

it("Z1 opening says how far an index is that it makes, and goes on whatever hears of it", async () => {
  const path = freshPath()
  const plain = openStore({ path, durability: "process" }) as Store
  await plain.setMany("u", entries(12_000))
  await plain.set("u", "ended", { n: 1 }, { expiresAt: 1 })
  await plain.scope("s").setMany("u", entries(3_000))
  await plain.close()
  const two = { u: kind<unknown>({ indexes: ["n", ["even", "n"]] }) }
  const told: unknown[] = []
  const reported: unknown[] = []
  const onError = (error: unknown) => reported.push(error)
  const open = (throws: () => boolean) =>
    openStore({
      path,
      kinds: two,
      onError,
      onIndexing({ kind, fields, placed, entries }) {
        told.push(`${kind} by ${fields.join()}: ${placed} of ${entries}`)
        if (throws()) throw new Error("The bar is gone")
      },
    })
  await open(() => told.length === 2).close()
  expect(reported).toEqual([new Error("The bar is gone")])
  expect(told).toEqual([
    "u by n: 5000 of 15001",
    "u by n: 10000 of 15001",
    "u by n: 15000 of 15001",
    "u by n: 15001 of 15001",
    "u by even,n: 5000 of 15001",
    "u by even,n: 10000 of 15001",
    "u by even,n: 15000 of 15001",
    "u by even,n: 15001 of 15001",
  ])
  told.length = 0
  await open(() => true).close()
  expect(told).toEqual([])
})

it("Z1 an index goes when nobody has declared it for thirty days", async () => {
  const path = freshPath()
  let day = 0
  const open = async (declared: typeof kinds | undefined) =>
    openStore({
      path,
      clock: new TestClock(day * DAY),
      ...(declared && { kinds: declared }),
    }).close()
  await open(kinds)
  day += 29
  await open(undefined)
  expect(listed(path)).toHaveLength(1)
  await open(kinds)
  day += 29
  await open(undefined)
  expect(listed(path)).toHaveLength(1)
  day += 2
  await open(undefined)
  expect(listed(path)).toEqual([])
  const database = new Database(path)
  expect(database.prepare("SELECT count(*) AS n FROM places").get()).toEqual({ n: 0 })
  database.close()
})

it("Z1 who cannot read a value gives its index up, and who can makes it anew", async () => {
  const path = freshPath()
  const index = { kind: "u", fields: ["n"], schema: 1 }
  const knowing: EngineContext = {
    ...plainContext,
    indexes: [index],
    read: (_, stored) => (stored instanceof Packed ? JSON.parse(String(stored.data)) : stored),
  }
  const write = async (context: EngineContext, key: string, n: number) => {
    const engine = betterSqlite3Engine({ path })
    engine.open(listener(), context)
    const value = new Packed("text", 1, JSON.stringify({ n }))
    await engine.commit([{ id: 1, at: 0, ops: [{ type: "set", kind: "u", key, value }] }])
    const sought = await engine.seek("u", ordered, { limit: 9 })
    const report = await engine.check()
    await engine.close()
    return { keys: sought?.rows.map((row) => row.key), ok: report.ok }
  }
  expect(await write(knowing, "a", 5)).toEqual({ keys: ["a"], ok: true })
  expect(await write(plainContext, "b", 4)).toEqual({ keys: undefined, ok: true })
  expect(listed(path)).toMatchObject([{ state: "stale" }])
  expect(await write(knowing, "c", 3)).toEqual({ keys: ["c", "b", "a"], ok: true })
})

it("Z1 an index belongs to one version of the schema: a newer release takes it, an older one leaves it", async () => {
  const path = freshPath()
  const open = async (schema: number) => {
    const engine = betterSqlite3Engine({ path })
    const indexes = [{ kind: "u", fields: ["n"], schema }]
    const read: EngineContext["read"] = (_, stored, asked) =>
      asked === schema ? stored : undefined
    engine.open(listener(), { ...plainContext, indexes, read })
    const sought = await engine.seek("u", ordered, { limit: 9 })
    await engine.close()
    return sought !== undefined
  }
  const told = [await open(1), await open(2), await open(1), await open(2)]
  expect(told).toEqual([true, true, false, true])
  expect(listed(path)).toMatchObject([{ schema: 2, state: "ready" }])
})

it("G16 Z10 an index is of what a kind's codec and upcasts make of its values", async () => {
  const path = freshPath()
  const dates = { name: "dates", encode: (d: unknown) => String((d as { on: Date }).on.getTime()) }
  const codec = { ...dates, decode: (text: unknown) => ({ on: new Date(Number(text)) }) }
  const old = openStore({
    path,
    kinds: {
      d: kind<{ on: Date }>({ codec, indexes: ["on"] }),
      t: kind<{ name: string }>({ indexes: ["name"] }),
    },
  })
  await old.setMany("d", { a: { on: new Date(3) }, b: { on: new Date(1) }, c: { on: new Date(2) } })
  await old.setMany("t", { a: { name: "x 2" }, b: { name: "y 1" } })
  expect(await old.keys("d", { orderBy: "on", limit: 2 })).toEqual(["b", "c"])
  expect(await old.count("d", { where: { on: { $gte: 2 } } })).toBe(2)
  expect(await old.check()).toEqual({ ok: true, problems: [] })
  await old.close()
  const upcast = { 1: ({ name }: { name: string }) => ({ rank: Number(name.slice(2)) }) }
  const t = kind<{ rank: number; name?: string }>({ version: 2, upcast, indexes: ["rank", "name"] })
  const store = openStore({ path, kinds: { t } })
  await store.set("t", "c", { rank: 1.5 })
  expect(await store.keys("t", { orderBy: "rank", limit: 9 })).toEqual(["b", "c", "a"])
  expect(await store.keys("t", { where: { name: "x 2" } })).toEqual([])
  expect(await store.check()).toEqual({ ok: true, problems: [] })
  await store.close()
  expect(listed(path)).toEqual([
    { kind: "d", fields: '["on"]', schema: 1, state: "ready" },
    { kind: "t", fields: '["name"]', schema: 2, state: "ready" },
    { kind: "t", fields: '["rank"]', schema: 2, state: "ready" },
  ])
})

it("Z1 a base that is replaced, and changes that are taken over, are in the index", async () => {
  const engine = betterSqlite3Engine({ path: ":memory:" })
  const indexes = [{ kind: "u", fields: ["n"], schema: 1 }]
  engine.open(listener(), { ...plainContext, indexes })
  await engine.commit([
    { id: 1, at: 0, ops: [{ type: "set", kind: "u", key: "old", value: { n: 1 } }] },
  ])
  const row = { kind: "u", version: 1, updatedAt: 0 }
  const rows = [
    { ...row, key: "a", value: { n: 2 }, seq: 7 },
    { ...row, key: "b", value: { n: 1 }, seq: 8 },
    { ...row, key: "c", value: { n: 0 }, seq: 9, deleted: true as const },
  ]
  await engine.ingest({ epoch: "e", to: 9, changes: [], reset: { rows } })
  const change = { kind: "u", at: 0, cause: "write", batch: 1 }
  const changes = [
    { ...change, seq: 10, type: "update" as const, key: "a", value: { n: 0 }, version: 2 },
    { ...change, seq: 11, type: "delete" as const, key: "b", value: { n: 1 }, version: 2 },
    { ...change, seq: 12, type: "create" as const, key: "d", value: { n: 9 }, version: 1 },
  ]
  await engine.ingest({ epoch: "e", to: 12, changes })
  const sought = await engine.seek("u", ordered, { limit: 9 })
  expect(sought).toMatchObject({ rows: [{ key: "a" }, { key: "d" }], next: undefined, at: 12 })
  expect(await engine.check()).toEqual({ ok: true, problems: [] })
  await engine.close()
})

it("G15 a restored backup makes its indexes anew", async () => {
  const path = freshPath()
  const store = openStore({ path, kinds }) as Store
  await store.setMany("u", entries(5))
  await store.backup(`${path}.bak`)
  await store.close()
  await restoreBackup({ from: `${path}.bak`, path })
  expect(listed(path)).toMatchObject([{ state: "stale" }])
  const restored = openStore({ path, kinds }) as Store
  expect(await restored.keys("u", ordered)).toHaveLength(5)
  expect(listed(path)).toMatchObject([{ state: "ready" }])
  expect(await restored.check()).toEqual({ ok: true, problems: [] })
  await restored.close()
})

it("G15 a check finds places that disagree with their entries", async () => {
  const path = freshPath()
  const store = openStore({ path, kinds }) as Store
  await store.setMany("u", entries(5))
  const database = new Database(path)
  database.exec(
    "UPDATE places SET place = x'03' WHERE key = 'k1'; DELETE FROM places WHERE key = 'k2'",
  )
  expect((await store.check()).problems).toEqual([
    "the index n of u has 4 places for 5 entries, and lacks those of 2",
  ])
  database.exec("INSERT INTO places VALUES (9, 'u', x'01', 'k1'), (1, 'u', x'01', 'nobody')")
  expect((await store.check()).problems).toContain("2 places belong to no entry or no index")
  database.close()
  await store.close()
})
