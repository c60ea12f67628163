import type { Store } from "../store.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same } from "./claim.ts"

/** What reading must show: Z1. */
export const readingCases: readonly ContractCase[] = [
  contractCase("Z1 a missing key is undefined, not an error", async (store) => {
    same(await store.get("users", "nobody"), undefined)
    same(await store.entry("users", "nobody"), undefined)
    same(store.peek("users", "nobody"), undefined)
    same(await store.list("users"), [])
    same(await store.keys("users"), [])
    same(await store.count("users"), 0)
    same(await store.kinds(), [])
  }),
  contractCase("Z1 an entry carries its value, version, seq and time", async (store) => {
    const { seq } = await store.set("users", "alice", { name: "Alice" })
    const entry = await store.entry("users", "alice")
    holds(entry !== undefined, "the entry is there")
    const { updatedAt, ...rest } = entry
    same(rest, { kind: "users", key: "alice", value: { name: "Alice" }, version: 1, seq })
    holds(updatedAt > 0, "it has a time")
  }),
  contractCase("Z1 kinds are isolated", async (store) => {
    await store.set("a", "k", 1)
    await store.set("b", "k", 2)
    same([await store.get("a", "k"), await store.get("b", "k")], [1, 2])
    same(await store.delete("a", "k"), { existed: true, previous: 1 })
    same([await store.get("a", "k"), await store.get("b", "k")], [undefined, 2])
    same(await store.kinds(), ["b"])
  }),
  contractCase("Z1 all readers agree", async (store) => {
    await store.setMany("n", { one: 1, two: 2, three: 3 })
    const keys = ["one", "three", "two"]
    same(await store.keys("n"), keys)
    same(
      (await store.list("n")).map((entry) => entry.value),
      [1, 3, 2],
    )
    same(await store.count("n"), 3)
    same(
      (await store.snapshot(["n"])).entries.map((entry) => entry.key),
      keys,
    )
    for (const key of keys) await store.get("n", key) // From now on this process knows them.
    same(
      keys.map((key) => store.peek("n", key)),
      [1, 3, 2],
    )
    same(await liveKeys(store, "n"), keys)
  }),
  contractCase(
    "Z1 list filters by equality, comparison, in, prefix, contains and their combinations",
    async (store) => {
      await store.setMany("t", {
        a: { n: 1, tag: "red", done: false, words: ["x", "y"] },
        b: { n: 2, tag: "green", done: true, words: [] },
        c: { n: 3, tag: "redder", deep: { x: 1 } },
      })
      const found = async (where: object) => (await store.keys("t", { where })).join("")
      same(await found({ n: 2 }), "b")
      same(await found({ done: false }), "a")
      same(await found({ n: { $gt: 1, $lte: 3 } }), "bc")
      same(await found({ n: { $gte: 2, $lt: 3 } }), "b")
      same(await found({ tag: { $in: ["red", "green"] } }), "ab")
      same(await found({ tag: { $prefix: "red" } }), "ac")
      same(await found({ tag: { $contains: "ee" } }), "b")
      same(await found({ words: { $contains: "y" } }), "a")
      same(await found({ "deep.x": 1 }), "c")
      same(await found({ deep: { x: 1 } }), "c")
      same(await found({ tag: { $ne: "red" } }), "bc")
      same(await found({ $or: [{ n: 1 }, { n: 3 }] }), "ac")
      same(await found({ $and: [{ n: { $gt: 1 } }, { tag: "green" }] }), "b")
      same(await found({ $not: { n: 2 } }), "ac")
      same(await found({ n: { $gt: "1" } }), "")
      same(await store.count("t", { where: { n: { $gt: 1 } } }), 2)
    },
  ),
  contractCase("Z1 booleans come back as booleans, from every reader and filter", async (store) => {
    await store.setMany("t", { a: { on: true }, b: { on: false }, c: { on: 1 }, d: { on: 0 } })
    await store.set("t", "e", true)
    same([await store.get("t", "a"), await store.get("t", "e")], [{ on: true }, true])
    const readers = [
      await store.list("t"),
      (await store.snapshot(["t"])).entries,
      await store.changes({ after: 0 }),
    ]
    for (const entries of readers) {
      const values = entries.map(({ value }) => value)
      same(values, [{ on: true }, { on: false }, { on: 1 }, { on: 0 }, true])
    }
    same(await store.keys("t", { where: { on: true } }), ["a"])
    same(await store.keys("t", { where: { on: { $in: [false] } } }), ["b"])
    same(await store.keys("t", { where: { on: { $ne: false } } }), ["a", "c", "d", "e"])
    same(await store.keys("t", { orderBy: "on" }), ["e", "b", "a", "d", "c"])
    const live = store.liveList("t", { where: { on: true } })
    await live.ready
    await store.set("t", "b", { on: true })
    same(
      live.get().map(({ value }) => value),
      [{ on: true }, { on: true }],
    )
  }),
  contractCase("Z1 list orders by fields and directions, ties by key, and pages", async (store) => {
    await store.setMany("t", {
      a: { x: 2, y: 1 },
      b: { x: 1, y: 1 },
      c: { x: 2, y: 3 },
      d: { y: 0 },
    })
    const keys = async (query: object) => (await store.keys("t", query)).join("")
    same(await keys({ orderBy: "x" }), "dbac")
    same(await keys({ orderBy: ["x", { y: "desc" }] }), "dbca")
    same(await keys({ orderBy: { x: "desc" } }), "acbd")
    same(await keys({ orderBy: "x", reverse: true }), "cabd")
    same(await keys({ reverse: true }), "dcba")
    same(await keys({ orderBy: "x", limit: 2 }), "db")
    same(await keys({ orderBy: "x", limit: 2, offset: 1 }), "ba")
    same(await keys({ limit: 0 }), "")
  }),
  contractCase(
    "Z1 keys are ordered by their UTF-8 bytes and prefixes are literal",
    async (store) => {
      const keys = ["", "A", "a", "a%", "a_", "ab", "\uffee", "\u{1f600}", "é"]
      await store.setMany(
        "k",
        keys.map((key) => [key, 1] as const),
      )
      same(await store.keys("k"), ["", "A", "a", "a%", "a_", "ab", "é", "\uffee", "\u{1f600}"])
      same(await store.keys("k", { prefix: "a_" }), ["a_"])
      same(await store.keys("k", { prefix: "a" }), ["a", "a%", "a_", "ab"])
      same(await store.keys("k", { prefix: "\u{1f600}" }), ["\u{1f600}"])
      same(await store.keys("k", { prefix: "zz" }), [])
    },
  ),
  contractCase(
    "Z1 kinds can be asked by prefix and are those with a present entry",
    async (store) => {
      await store.set("app/users", "a", 1)
      await store.set("app/tasks", "a", 1)
      await store.set("other", "a", 1)
      await store.delete("other", "a")
      same(await store.kinds(), ["app/tasks", "app/users"])
      same(await store.kinds("app/u"), ["app/users"])
    },
  ),
  contractCase("Z1 lists of several pages are whole and in order", async (store) => {
    const many = Array.from(
      { length: 2_500 },
      (_, n) => [`k${String(n).padStart(5, "0")}`, { n }] as const,
    )
    await store.setMany("m", many)
    same(await store.count("m"), 2_500)
    same(
      await store.keys("m"),
      many.map(([key]) => key),
    )
    same(await store.keys("m", { limit: 3, offset: 2_400 }), ["k02400", "k02401", "k02402"])
    same(await store.keys("m", { orderBy: { n: "desc" }, limit: 2 }), ["k02499", "k02498"])
    same(await store.keys("m", { where: { n: { $gte: 2_498 } } }), ["k02498", "k02499"])
  }),
  contractCase("Z1 a query that cannot be read is refused", async (store) => {
    for (const query of [
      { limit: -1 },
      { offset: 0.5 },
      { wehre: {} },
      { where: { $nor: [] } },
      { where: { n: { $ge: 1 } } },
    ]) {
      await refuses("invalid_value", () => store.list("t", query as object))
      await refuses("invalid_value", () => store.liveList("t", query as object))
    }
  }),
]

async function liveKeys(store: Store, kind: string): Promise<readonly string[]> {
  const live = store.liveList(kind)
  await live.ready
  return live.get().map((entry) => entry.key)
}
