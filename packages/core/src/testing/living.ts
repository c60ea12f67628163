import type { Entry } from "../entry.ts"
import type { Live } from "../live.ts"
import type { Query } from "../query.ts"
import type { Store } from "../store.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, same } from "./claim.ts"

/** What live results must show. */
export const livingCases: readonly ContractCase[] = [
  contractCase("Z3 a live key shows the value now and after each change", async (store) => {
    const live = store.live("u", "a")
    await live.ready
    same([live.get(), live.status], [undefined, "ready"])
    const seen: unknown[] = []
    const stop = live.subscribe(() => seen.push(live.get()))
    await store.set("u", "a", { n: 1 })
    await store.set("u", "a", { n: 1 })
    await store.set("u", "b", 1)
    await store.delete("u", "a")
    stop()
    await store.set("u", "a", 2)
    same(seen, [{ n: 1 }, undefined])
    same(live.get(), 2)
  }),
  contractCase("Z3 a live entry shows the value with its facts", async (store) => {
    const live = store.liveEntry("u", "a")
    await live.ready
    same([live.get(), live.status, live.error], [undefined, "ready", undefined])
    holds(live === store.liveEntry("u", "a"), "it is shared")
    const seen: unknown[] = []
    const stop = live.subscribe(() => seen.push(live.get()?.version))
    await store.set("u", "a", { n: 1 })
    const first = live.get()
    await store.set("u", "a", { n: 1 })
    holds(live.get() === first, "an equal value leaves it the same")
    await store.set("u", "a", { n: 2 })
    same(live.get(), await store.entry("u", "a"))
    same(store.live("u", "a").get(), { n: 2 })
    await store.delete("u", "a")
    stop()
    // An engine that answers later shows each write twice: on its way, and arrived.
    same([...new Set(seen)], [1, 2, undefined])
    same(live.get(), undefined)
  }),
  contractCase(
    "Z3 equal questions share one live result, and its value keeps its identity",
    async (store) => {
      await store.setMany("u", { a: { n: 1 }, b: { n: 2 } })
      const first = store.liveList("u", { where: { n: { $gt: 0 } }, limit: 9 })
      await first.ready
      holds(
        first === store.liveList("u", { limit: 9, where: { n: { $gt: 0 } } }),
        "the order of names does not matter",
      )
      const before = first.get()
      holds(first.get() === before, "get returns the same list")
      await store.set("other", "x", 1)
      holds(first.get() === before, "another kind does not touch it")
      await store.set("u", "b", { n: 3 })
      const after = first.get()
      holds(after !== before, "a change makes another list")
      holds(after[0] === before[0], "an unchanged entry keeps its identity")
      const key = store.live("u", "a")
      await key.ready
      const value = key.get()
      holds(key.get() === value, "a value keeps its identity")
    },
  ),
  contractCase("Z3 a live list follows every way in and out of its window", async (store) => {
    const query: Query = { where: { on: true }, orderBy: ["n", { m: "desc" }], limit: 3, offset: 1 }
    const live = store.liveList("u", query)
    await live.ready
    const steps: (() => Promise<unknown>)[] = [
      () => store.setMany("u", [row("a", 5), row("b", 4), row("c", 3)]),
      () => store.set("u", "d", { on: true, n: 1, m: 0 }),
      () => store.set("u", "a", { on: false, n: 5, m: 0 }),
      () => store.set("u", "a", { on: true, n: 0, m: 0 }),
      () => store.set("u", "b", { on: true, n: 0, m: 1 }),
      () => store.delete("u", "d"),
      () =>
        store.setMany(
          "u",
          Array.from({ length: 30 }, (_, i) => row(`x${i}`, i % 5)),
        ),
      () => store.delete("u", "a"),
      () => store.delete("u", "b"),
    ]
    for (const step of steps) {
      await step()
      await agrees(store, live, query)
    }
  }),
  contractCase("Z3 a window that runs dry is filled again", async (store) => {
    const keys = Array.from({ length: 200 }, (_, n) => `k${String(n).padStart(3, "0")}`)
    await store.setMany(
      "u",
      keys.map((key, n) => [key, { n }] as const),
    )
    const query: Query = { orderBy: { n: "desc" }, limit: 5 }
    const live = store.liveList("u", query)
    await live.ready
    for (const key of keys.slice(60).reverse()) await store.delete("u", key)
    await live.ready
    await agrees(store, live, query)
    same(live.get().length, 5)
  }),
  contractCase("Z3 a live list agrees with a list after any run of writes", async (store) => {
    const queries: Query[] = [
      {},
      { limit: 4 },
      { orderBy: "n" },
      { orderBy: { n: "desc" }, limit: 3, offset: 2 },
      { where: { n: { $lt: 5 } }, orderBy: "n", limit: 6 },
      { prefix: "k1", reverse: true },
    ]
    const lives = queries.map((query) => store.liveList("u", query))
    for (const live of lives) live.subscribe(() => {}) // Kept current, however slow the engine is.
    await Promise.all(lives.map((live) => live.ready))
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
      return seed % below
    }
    for (let step = 0; step < 150; step++) {
      const key = `k${random(25)}`
      if (random(3) === 0) await store.delete("u", key)
      else await store.set("u", key, { n: random(9) })
      if (step % 40 === 0)
        await store.setMany(
          "u",
          Array.from({ length: 25 }, (_, i) => [`k${i}`, { n: random(9) }] as const),
        )
    }
    for (const [index, live] of lives.entries()) await agrees(store, live, queries[index] as Query)
  }),
  contractCase(
    "Z3 a live result shows a pending write at once, marked, and the confirmed one after",
    async (store) => {
      const live = store.liveList("u")
      await live.ready
      const written = store.set("u", "a", 1)
      same(
        live.get().map(({ key, pending }) => [key, pending ?? false]),
        [["a", true]],
      )
      await written
      same(
        live.get().map(({ key, pending, seq }) => [key, pending ?? false, seq > 0]),
        [["a", false, true]],
      )
    },
  ),
  contractCase("Z3 an own write shows in a live result that is still being read", async (store) => {
    await store.set("u", "old", 1)
    const key = store.live("u", "new")
    const list = store.liveList("u")
    key.subscribe(() => {})
    list.subscribe(() => {})
    const writes = [store.set("u", "new", 2), store.delete("u", "old")]
    same(key.get(), 2)
    const keys = () => list.get().map((entry) => entry.key)
    holds(keys().includes("new") && !keys().includes("old"), "the list shows both")
    await Promise.all([...writes, list.ready])
    same(keys(), ["new"])
  }),
  contractCase("Z3 a listener sees a batch as a whole", async (store) => {
    const [a, b] = [store.live("u", "a"), store.live("u", "b")]
    await Promise.all([a.ready, b.ready])
    const seen: unknown[] = []
    a.subscribe(() => seen.push([a.get(), b.get()]))
    await store.setMany("u", { a: 1, b: 1 })
    await store.setMany("u", { a: 2, b: 2 })
    same(seen, [
      [1, 1],
      [2, 2],
    ])
  }),
  contractCase("Z3 a listener that throws harms no other and not the writer", async (_, open) => {
    const reported: unknown[] = []
    const store = await open({ onError: (error) => reported.push(error) })
    const live = store.live("u", "a")
    await live.ready
    let told = 0
    live.subscribe(() => {
      throw new Error("listener")
    })
    live.subscribe(() => told++)
    await store.set("u", "a", 1)
    same([told, reported.length], [1, 1])
    await store.close()
  }),
]

function row(key: string, n: number): readonly [string, { on: boolean; n: number; m: number }] {
  return [key, { on: true, n, m: key.length }]
}

async function agrees(store: Store, live: Live<readonly Entry[]>, query: Query): Promise<void> {
  const expected = await store.list("u", query)
  same(live.get(), expected, JSON.stringify(query))
}
