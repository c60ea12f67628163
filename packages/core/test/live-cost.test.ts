import type { Query } from "@tidemark/core"
import { openStoreAtOnce } from "@tidemark/core/engine"
import { describe, expect, it } from "vitest"
import { CountingEngine } from "./counting-engine.ts"

const ROWS = 5_000

interface Place {
  readonly name: string
  readonly rank: number
  readonly open: boolean
}

/** Names in which letters differ by case, accent and script only: each collation orders them in its own way. */
const NAMES = ["Äpfel", "apfel", "Apfel", "äpfel", "Zebra", "zebra", "ñandú", "nandu", "Ω", "я"]

function place(n: number): Place {
  return { name: NAMES[n % NAMES.length] as string, rank: n % 7, open: n % 3 !== 0 }
}

async function filled() {
  const engine = new CountingEngine()
  const store = openStoreAtOnce(engine)
  const keys = Array.from({ length: ROWS }, (_, n) => `p${String(n).padStart(5, "0")}`)
  await store.setMany(
    "places",
    keys.map((key, n) => [key, place(n)] as const),
  )
  return { engine, store, keys }
}

describe("what a live list asks of the engine", () => {
  const where = { open: true }
  const cursor = { key: "p00100", value: place(100) }
  const queries: Record<string, Query> = {
    "two fields and a limit": { where, orderBy: ["rank", { name: "desc" }], limit: 50 },
    "names that a collation would order otherwise": { where, orderBy: ["name", "rank"], limit: 50 },
    "the same backwards": { orderBy: { name: "desc" }, reverse: true, limit: 50 },
    "an offset": { where, orderBy: ["rank", "name"], limit: 50, offset: 300 },
    "a cursor": { where, orderBy: ["name", "rank"], limit: 50, after: cursor },
    "no limit": { where, orderBy: ["rank", "name"] },
  }

  it.each(Object.entries(queries))("Z3 is nothing for an update, with %s", async (_, query) => {
    const { engine, store, keys } = await filled()
    const live = store.liveList("places", query)
    live.subscribe(() => {})
    const pages = engine.pages.length
    expect(pages).toBeGreaterThan(0)
    for (let n = 0; n < 400; n++) {
      const key = keys[(n * 1_733) % ROWS] as string
      const { open: _, ...rest } = place(n * 7)
      // In and out, to the front and back, all of them in turn.
      await store.set("places", key, { ...rest, open: n % 2 === 0, rank: n % 4 === 0 ? -1 : 9 })
    }
    expect(engine.pages.length).toBe(pages)
    expect(engine.reads).toBeLessThanOrEqual(400) // What each write meets, where it was not known.
    expect(live.get()).toEqual(await store.list("places", query))
    await store.close()
  })

  it("Z3 is a few readings for working through all of a queue, however long", async () => {
    const { engine, store } = await filled()
    const query: Query = { where, orderBy: ["rank", "name"], limit: 10 }
    const live = store.liveList("places", query)
    live.subscribe(() => {})
    let served = 0
    for (let [first] = live.get(); first !== undefined; [first] = live.get()) {
      await store.set("places", first.key, { ...(first.value as Place), open: false })
      served++
    }
    expect(served).toBe(
      Array.from({ length: ROWS }, (_, n) => place(n)).filter(({ open }) => open).length,
    )
    const readings = engine.pages.filter(({ rows, limit }) => rows < limit).length
    expect(readings).toBeLessThan(10)
    await store.close()
  })
})
