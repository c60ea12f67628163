import { join } from "node:path"
import type { Batch, Query, Store } from "@tidemark/core"
import { betterSqlite3Engine, openStore } from "@tidemark/core/better-sqlite3"
import { type Engine, openStoreOn, plainContext } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { answeringLater } from "@tidemark/core/testing"
import Database from "better-sqlite3"
import { describe, expect, it } from "vitest"
import { temporaryFolder } from "./folder.ts"
import { listener } from "./listener.ts"

const MANY = 5_000
const [FIRST, LAST] = ["k0000", `k${MANY - 1}`]

/** Many entries of which one has the mark, at first the first one. */
const entries = Array.from({ length: MANY }, (_, n) => {
  const key = `k${String(n).padStart(4, "0")}`
  return [key, { n, mark: key === FIRST }] as const
})

/** Takes the mark from one entry and gives it to another. */
function move(from: string, to: string): Pick<Batch, "ops"> {
  const set = (key: string, mark: boolean) =>
    ({ type: "set", kind: "u", key, value: { n: 0, mark } }) as const
  return { ops: [set(from, false), set(to, true)] }
}

const marked: Query = { where: { mark: true } }

/** The ways to find the one that has the mark, and how many each finds. */
const ways: readonly (readonly [string, (store: Store) => Promise<number>])[] = [
  ["a list with a limit", async (store) => (await store.list("u", { ...marked, limit: 9 })).length],
  [
    "a list in an order",
    async (store) => (await store.list("u", { ...marked, orderBy: "n", limit: 9 })).length,
  ],
  ["a count", (store) => store.count("u", marked)],
  [
    "the first load of a live list",
    async (store) => {
      const live = store.liveList("u", { ...marked, limit: 9 })
      live.subscribe(() => {})
      await live.ready
      return live.get().length
    },
  ],
  [
    "the list of a transaction",
    (store) =>
      store.transaction(async (tx) => (await tx.list("u", { ...marked, limit: 9 })).length),
  ],
]

describe("what is read in pages while another process writes", () => {
  const folder = temporaryFolder()
  let files = 0

  /** A store on whose file somebody else writes each time that it has read a page. */
  async function contended(times: number) {
    const path = join(folder, `${++files}.db`)
    let between = () => {}
    class Contended extends Database {
      override prepare(sql: string): never {
        const statement = super.prepare(sql)
        const all = statement.all.bind(statement)
        statement.all = (...parameters: unknown[]) => {
          const rows = all(...parameters)
          if (rows.length > 0) between()
          return rows
        }
        return statement as never
      }
    }
    const store = openStore({ path, driver: Contended, durability: "process" }) as Store
    await store.setMany("u", entries)
    const other = betterSqlite3Engine({ path, durability: "process" })
    other.open(listener(), plainContext)
    const writing = { count: 0 }
    between = () => {
      if (writing.count === times) return
      const [from, to] = writing.count++ % 2 === 0 ? [FIRST, LAST] : [LAST, FIRST]
      other.commit([{ id: writing.count, at: 0, ...move(from, to) }])
    }
    return { store, other, writing }
  }

  for (const [what, count] of ways) {
    it(`G3 ${what} tells a state that was, though the mark moved once behind what was read`, async () => {
      const { store, other, writing } = await contended(1)
      expect([await count(store), writing.count]).toEqual([1, 1])
      await store.close()
      await other.close()
    })

    it(`G3 ${what} tells a state that was, though the mark moves after each page`, async () => {
      const { store, other, writing } = await contended(Number.POSITIVE_INFINITY)
      expect(await count(store)).toBe(1)
      expect(writing.count).toBeGreaterThan(3)
      await store.close()
      await other.close()
    })
  }
})

describe("what is read in pages of an engine that answers later", () => {
  /** A store on an engine that lets a test act each time that it has read a page. */
  async function interrupted(act: (store: Store, page: number) => unknown) {
    const engine = answeringLater(new MemoryEngine())
    let pages = 0
    const scan: Engine["scan"] = async (kind, range) => {
      const rows = await engine.scan(kind, range)
      await act(store, ++pages)
      return rows
    }
    const store = await openStoreOn({ ...engine, scan })
    await store.setMany("u", entries)
    return { store, pages: () => pages }
  }

  for (const [what, count] of ways) {
    it(`G3 ${what} tells a state that was, though a write of ours was committed between`, async () => {
      const { store, pages } = await interrupted(
        (store, page) => page === 1 && store.commit(move(FIRST, LAST)),
      )
      expect(await count(store)).toBe(1)
      expect(pages()).toBeGreaterThan(2)
      await store.close()
    })

    it(`G3 ${what} tells a state that was, though a write of ours was begun between`, async () => {
      const writes: Promise<unknown>[] = []
      const { store, pages } = await interrupted((store, page) => {
        if (page === 1) writes.push(store.commit(move(FIRST, LAST)))
      })
      expect(await count(store)).toBe(1)
      expect(pages()).toBeGreaterThan(2)
      await Promise.all(writes)
      await store.close()
    })
  }
})

it("G3 what one page holds is read once, whoever writes meanwhile", async () => {
  const engine = new MemoryEngine()
  let scans = 0
  const later = answeringLater(engine)
  const store = await openStoreOn({
    ...later,
    scan(kind, range) {
      scans++
      return later.scan(kind, range)
    },
  })
  await store.setMany("u", entries.slice(0, 900))
  const counted = store.count("u", marked)
  await store.set("v", "a", 1)
  expect([await counted, scans]).toEqual([1, 1])
  await store.close()
})
