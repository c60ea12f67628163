import type { Change } from "../change.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same } from "./claim.ts"

/** What deleting many must show: G2. */
export const deletingCases: readonly ContractCase[] = [
  contractCase(
    "G2 a prefix is deleted literally, and capitals are other letters",
    async (store) => {
      const keys = [
        "Tenant/1",
        "tenant/1",
        "tenant/2",
        "user%1",
        "user1",
        "user_1",
        "user_2",
        "userx1",
      ]
      await store.setMany(
        "u",
        keys.map((key) => [key, 1] as const),
      )
      await store.set("v", "user_1", 1)
      same(await store.deleteMany("u", { prefix: "user_" }), 2)
      same(await store.deleteMany("u", { prefix: "user%" }), 1)
      same(await store.deleteMany("u", { prefix: "tenant" }), 2)
      same(await store.deleteMany("u", { prefix: "nobody" }), 0)
      same(await store.keys("u"), ["Tenant/1", "user1", "userx1"])
      same(await store.keys("v"), ["user_1"])
    },
  ),
  contractCase("G2 a whole kind is deleted, and is no kind any more", async (store) => {
    await store.setMany("u", { a: 1, b: 2 })
    await store.set("v", "a", 1)
    same(await store.deleteMany("u"), 2)
    same(await store.deleteMany("u"), 0)
    same([await store.count("u"), await store.kinds()], [0, ["v"]])
    same((await store.set("u", "a", 1)).version, 3)
  }),
  contractCase(
    "G2 many are deleted as one batch, which each follower gets whole",
    async (store) => {
      await store.setMany("u", { a: { n: 1 }, b: { n: 2 }, c: { n: 3 } })
      const live = store.liveList("u")
      const shown: number[] = []
      live.subscribe(() => shown.push(live.get().length))
      await live.ready
      const { position } = store
      shown.length = 0
      await store.deleteMany("u", { where: { n: { $lt: 3 } } }, { origin: "sweeper" })
      const changes: readonly Change[] = await store.changes({ after: position })
      same(
        changes.map(({ type, key, value, origin }) => [type, key, value, origin]),
        [
          ["delete", "a", { n: 1 }, "sweeper"],
          ["delete", "b", { n: 2 }, "sweeper"],
        ],
      )
      same(new Set(changes.map(({ batch }) => batch)).size, 1)
      holds(shown.length > 0 && shown.every((length) => length === 1), "no half of it was shown")
    },
  ),
  contractCase("G2 the first of an order are deleted, and those behind a cursor", async (store) => {
    const filled = () => store.setMany("u", { a: { n: 4 }, b: { n: 3 }, c: { n: 2 }, d: { n: 1 } })
    await filled()
    same(await store.deleteMany("u", { orderBy: "n", limit: 2 }), 2)
    same(await store.keys("u"), ["a", "b"])
    await filled()
    same(await store.deleteMany("u", { after: "b" }), 2)
    same(await store.keys("u"), ["a", "b"])
    await filled()
    same(await store.deleteMany("u", { reverse: true, offset: 1 }), 3)
    same(await store.keys("u"), ["d"])
  }),
  contractCase("G2 nothing is deleted that does not match at the commit", async (store) => {
    await store.setMany("u", { a: { done: false }, b: { done: true }, c: { done: true } })
    // What the query meets is on its way and will be refused.
    const refused = store.commit({
      ops: [
        { type: "set", kind: "u", key: "a", value: { done: true } },
        { type: "set", kind: "u", key: "b", value: { done: false } },
      ],
      expect: [{ kind: "u", unchangedSince: 0 }],
    })
    const count = store.deleteMany("u", { where: { done: true } })
    await refuses("conflict", () => refused)
    same([await count, await store.keys("u")], [2, ["a"]])
    await store.setMany("u", { b: { done: true }, c: { done: true } })
    const first = store.deleteMany("u", { where: { done: true }, limit: 1 })
    const rescued = store.set("u", "c", { done: false })
    same(await first, 1)
    await rescued
    same(await store.get("u", "c"), { done: false })
  }),
  contractCase(
    "G2 own writes on their way are deleted with the rest, at once to see",
    async (store) => {
      await store.setMany("u", { a: 1, b: 1 })
      await store.get("u", "a") // From now on this process knows it.
      const writes = [store.set("u", "c", 1), store.delete("u", "b")]
      const count = store.deleteMany("u")
      same([await count, await store.count("u")], [2, 0])
      await Promise.all(writes)
    },
  ),
  contractCase("G2 a deletion that is repeated by its key is not done again", async (store) => {
    await store.setMany("u", { a: 1, b: 1 })
    const once = { idempotencyKey: "sweep 1" }
    same(await store.deleteMany("u", {}, once), 2)
    await store.set("u", "c", 1)
    same(await store.deleteMany("u", {}, once), 2)
    same(await store.keys("u"), ["c"])
  }),
  contractCase("G2 a query that cannot be read deletes nothing", async (store) => {
    await store.setMany("u", { a: 1, b: 1 })
    await refuses("invalid_value", () => store.deleteMany("u", { wehre: { n: 1 } } as object))
    await refuses("invalid_key", () => store.deleteMany("u", { prefix: "\ud83d" }))
    await refuses("invalid_key", () => store.deleteMany("*"))
    same(await store.count("u"), 2)
  }),
]
