import { defineKinds, kind } from "../kinds.ts"
import type { Query } from "../query.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { same } from "./claim.ts"

/** Two kinds with the same entries: of one, indexes are declared. */
const kinds = defineKinds({
  tasks: kind<unknown>({
    indexes: ["done", ["owner", "due"], "place.city", ["done", "owner", "due"]],
  }),
  plain: kind<unknown>(),
})

const QUERIES: readonly Query[] = [
  { where: { done: true } },
  { where: { done: true }, reverse: true, limit: 3 },
  { where: { done: true, owner: "ann" }, orderBy: "due", limit: 4 },
  { where: { done: true, owner: "ann" }, orderBy: { due: "desc" }, limit: 4, offset: 1 },
  { where: { owner: "bob" }, orderBy: "due", reverse: true, limit: 5 },
  { where: { owner: "bob", due: { $gte: 2, $lt: 9 } }, orderBy: "due" },
  { where: { owner: { $prefix: "a" } }, orderBy: "owner" },
  { where: { owner: null }, limit: 2 },
  { where: { "place.city": { $gt: "a" }, done: false }, orderBy: "due" },
  { where: { $and: [{ owner: "ann" }, { $or: [{ due: 3 }, { due: 4 }] }] } },
  { where: { owner: { $in: ["bob", "ann", "bob"] } } },
  { where: { owner: { $in: ["ann", 7, null] } }, orderBy: ["owner", "due"], limit: 5 },
  { where: { owner: { $in: ["ann", 7] }, done: { $in: [true] } }, orderBy: "due", offset: 1 },
  { where: { owner: { $in: ["bob", "ann"] } }, orderBy: { due: "desc" }, limit: 6 },
  { where: { owner: { $in: [] } } },
  { where: { $or: [{ owner: "ann" }, { owner: { $prefix: "b" } }] }, reverse: true },
  { where: { $or: [{ owner: "ann" }, { "place.city": "rom" }] }, orderBy: "due", limit: 6 },
  { where: { $or: [{ owner: 7 }, { "place.city": 5 }], done: false } },
  { where: { $or: [{ owner: 7 }, { due: { $ne: 3 } }] } },
  { orderBy: "done", limit: 7 },
  { orderBy: { done: "desc" }, limit: 7 },
  { orderBy: ["owner", "due"], prefix: "k1", limit: 9 },
  { orderBy: ["owner", "due"], limit: 9, offset: 3 },
]

/** What declared indexes must not change: the answers. */
export const indexingCases: readonly ContractCase[] = [
  contractCase(
    "Z1 a kind with indexes answers as one without, for list, count, pages and live lists",
    async (store) => {
      await store.setMany("tasks", entries(40))
      await store.setMany("plain", entries(40))
      for (const query of QUERIES) {
        const what = JSON.stringify(query)
        const expected = await store.keys("plain", query)
        same(await store.keys("tasks", query), expected, what)
        same(await store.count("tasks", query), await store.count("plain", query), what)
        const live = store.liveList("tasks", query)
        const off = live.subscribe(() => {})
        await live.ready
        same(
          live.get().map(({ key }) => key),
          expected,
          what,
        )
        off()
        await store.transaction(async (tx) => {
          const listed = await tx.list("tasks", query)
          same(
            listed.map(({ key }) => key),
            expected,
            what,
          )
        })
        const behind = (await store.list("plain", query)).at(1)
        if (behind === undefined) continue
        const { offset: _, ...rest } = query
        const after = query.orderBy === undefined ? behind.key : behind
        const next = { ...rest, after } as Query
        same(await store.keys("tasks", next), await store.keys("plain", next), what)
      }
    },
    { kinds },
  ),
  contractCase(
    "Z1 an index follows writes, deletes and ends, and shows own writes on their way",
    async (store) => {
      await store.setMany("tasks", entries(12))
      const query: Query = { where: { owner: "ann" }, orderBy: "due" }
      const before = await store.keys("tasks", query)
      const writes = [
        store.set("tasks", "k00", { owner: "bob", due: 0 }),
        store.set("tasks", "new", { owner: "ann", due: -1 }),
        store.delete("tasks", before[1] ?? ""),
      ]
      const expected = ["new", ...before.filter((key, n) => n !== 1 && key !== "k00")]
      same(await store.keys("tasks", query), expected)
      same(await store.count("tasks", query), expected.length)
      await Promise.all(writes)
      same(await store.keys("tasks", query), expected)
      same(await store.count("tasks", query), expected.length)
      await store.transaction(async (tx) => {
        await tx.set("tasks", "new", { owner: "ann", due: 99 })
        const listed = await tx.list("tasks", query)
        same(
          listed.map(({ key }) => key),
          [...expected.slice(1), "new"],
        )
      })
      await store.set("tasks", "new", { owner: "bob" })
      await store.set("tasks", "new", { owner: "ann", due: -2 })
      await store.delete("tasks", "new")
      same(await store.keys("tasks", query), expected.slice(1))
      same(await store.count("tasks", query), expected.length - 1)
    },
    { kinds },
  ),
]

/** Entries in which every field has ties, gaps and several types. */
function entries(count: number): (readonly [string, unknown])[] {
  const owners = ["ann", "bob", "ann", null, undefined, "abe", 7, "é"]
  const cities = ["oslo", "rom", 5, undefined]
  return Array.from({ length: count }, (_, n) => {
    const owner = owners[(n * 5) % owners.length]
    const city = cities[n % cities.length]
    return [
      `k${String(n).padStart(2, "0")}`,
      {
        done: n % 3 === 0,
        due: (n * 7) % 11,
        ...(owner === undefined ? {} : { owner }),
        place: city === undefined ? {} : { city },
      },
    ] as const
  })
}
