import { join } from "node:path"
import { kind, type Query, type Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/better-sqlite3"
import Database from "better-sqlite3"
import { expect, it } from "vitest"
import { seekSql, WITHIN } from "../src/engines/sqlite/places.ts"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()

const ordered: Query = { orderBy: "n", limit: 50 }
const entries = (count: number) =>
  Array.from(
    { length: count },
    (_, n) => [`k${n}`, { n: (n * 7) % count, even: n % 2 === 0 }] as const,
  )

const kinds = { u: kind<unknown>({ indexes: ["n"] }) }

/** A driver that counts the rows which statements give. */
function countingDriver() {
  const count = { rows: 0 }
  class Counting extends Database {
    override prepare(sql: string): never {
      const statement = super.prepare(sql)
      const all = statement.all.bind(statement)
      statement.all = (...parameters: unknown[]) => {
        const rows = all(...parameters)
        count.rows += rows.length
        return rows
      }
      return statement as never
    }
  }
  return { count, driver: Counting }
}

it("Z1 a list with a limit reads as many rows as it tells, a count none, wherever it begins", async () => {
  const { count, driver } = countingDriver()
  const store = openStore({ path: ":memory:", driver, kinds }) as Store
  await store.setMany("u", entries(5_000))
  const rowsOf = async (read: () => Promise<unknown>) => {
    count.rows = 0
    await read()
    return count.rows
  }
  const last = (await store.list("u", { ...ordered, offset: 3_000 })).at(-1)
  expect(last?.value).toMatchObject({ n: 3_049 })
  expect(await rowsOf(() => store.list("u", ordered))).toBe(51)
  expect(await rowsOf(() => store.list("u", { ...ordered, reverse: true }))).toBe(51)
  expect(await rowsOf(() => store.list("u", { orderBy: { n: "desc" }, limit: 50 }))).toBe(51)
  expect(await rowsOf(() => store.list("u", { reverse: true, limit: 50 }))).toBe(51)
  expect(await rowsOf(() => store.list("u", { reverse: true, limit: 50, prefix: "k" }))).toBe(51)
  if (last === undefined) throw new Error("There is no last entry")
  expect(await rowsOf(() => store.list("u", { ...ordered, after: last }))).toBe(51)
  expect(await rowsOf(() => store.list("u", { where: { n: 7 } }))).toBe(1)
  expect(await rowsOf(() => store.count("u", { where: { n: { $lt: 4_000 } } }))).toBe(0)
  const live = store.liveList("u", { ...ordered, limit: 10 })
  const loading = rowsOf(async () => {
    live.subscribe(() => {})
    await live.ready
  })
  expect(await loading).toBeLessThan(60)
  await store.close()
})

it("Z1 some values and alternatives are found by indexes: a list reads what it tells, a count none", async () => {
  const { count, driver } = countingDriver()
  const kinds = { u: kind<unknown>({ indexes: ["n", ["even", "n"]] }) }
  const store = openStore({ path: ":memory:", driver, kinds }) as Store
  await store.setMany("u", entries(5_000))
  /** How many entries are found, and how many rows are read for it. */
  const costOf = async (read: (store: Store) => Promise<{ readonly length: number } | number>) => {
    count.rows = 0
    const found = await read(store)
    return [typeof found === "number" ? found : found.length, count.rows]
  }
  const some: Query = { where: { n: { $in: [7, 4_000, 3, 7, "x"] } } }
  expect(await costOf((store) => store.list("u", some))).toEqual([3, 3])
  expect(await costOf((store) => store.count("u", some))).toEqual([3, 0])
  expect(await costOf((store) => store.list("u", { where: { n: { $in: [] } } }))).toEqual([0, 0])
  const alternatives: Query = { where: { $or: [{ n: 7 }, { n: { $gte: 4_990 } }] } }
  expect(await costOf((store) => store.list("u", alternatives))).toEqual([11, 11])
  expect(await costOf((store) => store.count("u", alternatives))).toEqual([11, 0])
  const inOrder: Query = { where: { n: { $in: [9, 1, 5] } }, orderBy: "n", limit: 2 }
  expect((await store.list("u", inOrder)).map(({ value }) => value)).toMatchObject([
    { n: 1 },
    { n: 5 },
  ])
  expect(await costOf((store) => store.list("u", inOrder))).toEqual([2, 3])
  const both: Query = { where: { even: { $in: [true, false] }, n: { $gte: 10, $lt: 12 } } }
  expect(await costOf((store) => store.list("u", both))).toEqual([2, 2])
  const several: Query = { where: { $or: [{ n: 7 }, { even: true, n: { $lt: 20 } }] } }
  const [told, read] = await costOf((store) => store.list("u", several))
  expect(told).toBe(11)
  expect(read).toBe(11)
  const live = store.liveList("u", some)
  const loaded = async () => {
    live.subscribe(() => {})
    await live.ready
    return live.get()
  }
  expect(await costOf(loaded)).toEqual([3, 3])
  await store.transaction(async (tx) => {
    expect(await costOf(() => tx.list("u", some))).toEqual([3, 3])
  })
  await store.close()
})

it("Z1 alternatives in several indexes tell each entry once, in lists, counts and pages", async () => {
  const { count, driver } = countingDriver()
  const kinds = { u: kind<unknown>({ indexes: ["n", "even"] }) }
  const store = openStore({ path: ":memory:", driver, kinds }) as Store
  await store.setMany("u", entries(20_000))
  const rare = (n: number) => [`r${n}`, { n: -(n % 50), even: "rare" }] as const
  await store.setMany(
    "u",
    Array.from({ length: 200 }, (_, n) => rare(n)),
  )
  const where = { $or: [{ even: "rare" }, { n: { $lt: 50 } }] }
  count.rows = 0
  expect((await store.list("u", { where })).length).toBe(250)
  expect(await store.count("u", { where })).toBe(250)
  expect(new Set(await store.keys("u", { where, orderBy: ["even", "n"], limit: 240 })).size).toBe(
    240,
  )
  // Each time the 200 by the one index and 250 by the other.
  expect(count.rows).toBe(3 * 450)
  await store.close()
})

it("Z1 the first of some values in an order of their own are merged from the index, page by page", async () => {
  const { count, driver } = countingDriver()
  const kinds = { u: kind<unknown>({ indexes: [["group", "n"]] }) }
  const store = openStore({ path: ":memory:", driver, kinds }) as Store
  const all = Array.from({ length: 12_000 }, (_, n) => {
    // Those that share a place in the order are of several groups.
    return [`k${n}`, { group: n % 4, n: Math.floor(((n * 7) % 12_000) / 15) }] as const
  })
  await store.setMany("u", all)
  await store.setMany("v", all)
  const where = { group: { $in: [3, 1, 0] } }
  for (const orderBy of ["n", { n: "desc" }] as const) {
    const expected = await store.keys("v", { where, orderBy })
    count.rows = 0
    const first = await store.list("u", { where, orderBy, limit: 50 })
    expect(count.rows).toBeLessThan(110)
    expect(first.map(({ key }) => key)).toEqual(expected.slice(0, 50))
    const behind = (await store.list("u", { where, orderBy, limit: 1, offset: 7_000 })).at(-1)
    count.rows = 0
    const after = behind as NonNullable<typeof behind>
    const next = await store.keys("u", { where, orderBy, after, limit: 50 })
    expect(count.rows).toBeLessThan(110)
    expect(next).toEqual(expected.slice(7_001, 7_051))
    // More than one page of the index, and more than one reading of each lane.
    expect(await store.keys("u", { where, orderBy, limit: 4_000 })).toEqual(
      expected.slice(0, 4_000),
    )
  }
  await store.close()
})

it("Z1 a range that is most of a kind is read in the order of keys", async () => {
  const { count, driver } = countingDriver()
  const store = openStore({ path: ":memory:", driver, kinds }) as Store
  await store.setMany("u", entries(4_000))
  count.rows = 0
  const few = await store.list("u", { where: { n: { $gte: 100 }, even: true }, orderBy: "even" })
  expect([few.length, count.rows]).toEqual([1_950, 4_000])
  await store.close()
})

it("Z1 SQLite finds places by their primary key and sorts no rows", () => {
  const path = join(folder, "plan.db")
  openStore({ path, kinds }).close()
  const database = new Database(path)
  const stepsOf = (order: string) => {
    const sql = `EXPLAIN QUERY PLAN ${seekSql(WITHIN, order)}`
    const rows = database.prepare(sql).all(1, "u", Buffer.of(1), Buffer.of(2), 9)
    return (rows as { detail: string }[]).map(({ detail }) => detail)
  }
  const forward = stepsOf("i.place asc, i.key asc")
  expect(forward[1]).toMatch(
    /^SEARCH i USING PRIMARY KEY \(id=\? AND kind=\? AND place>\? AND place<\?\)/,
  )
  for (const order of ["i.place asc, i.key asc", "i.place desc, i.key desc"]) {
    expect(stepsOf(order).filter((step) => step.includes("TEMP B-TREE"))).toEqual([])
  }
  expect(stepsOf("i.place desc, i.key asc")).toContain("USE TEMP B-TREE FOR LAST TERM OF ORDER BY")
  database.close()
})
