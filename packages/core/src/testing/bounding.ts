import type { ScopeQuota } from "../batch.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same } from "./claim.ts"
import { clockCase } from "./clock.ts"

/** What the quota of a scope does: G7. */
export const boundingCases: readonly ContractCase[] = [
  contractCase(
    "G7 a new key past the limit is refused, with the limit and the usage",
    async (root) => {
      const scope = root.scope("s", { keys: 2 })
      await scope.setMany("u", { a: 1, b: 1 })
      const { position } = root
      const writes = [
        () => scope.set("u", "c", 1),
        () => scope.set("v", "a", 1),
        () => scope.setMany("u", { a: 2, c: 1 }),
        () => scope.commit({ ops: [{ type: "set", kind: "u", key: "c", value: 1 }] }),
      ]
      for (const write of writes) {
        const { details, message } = await refuses("quota_exceeded", write)
        const { scope: namespaces, ...facts } = details
        same(lastOf(namespaces), "s")
        same(facts, { limit: "keys", allowed: 2, used: 2, wanted: 3 })
        holds(message.includes('"s" may hold 2 keys; it has 2'), message)
      }
      const refused = scope.set("u", "c", 1)
      same(scope.peek("u", "c"), 1)
      await refuses("quota_exceeded", () => refused)
      same(
        [scope.peek("u", "c"), await scope.keys("u"), root.position],
        [undefined, ["a", "b"], position],
      )
    },
  ),
  contractCase("G7 overwriting is free, and a delete makes room", async (root) => {
    const scope = root.scope("s", { keys: 2, kinds: 1 })
    await scope.setMany("u", { a: 1, b: 1 })
    await scope.set("u", "a", 2)
    await scope.update("u", "b", () => 3)
    await scope.touch("u", "b", { ttl: 100_000 })
    await scope.delete("u", "a")
    await scope.set("u", "c", 1)
    await refuses("quota_exceeded", () => scope.set("u", "a", 1))
    // One batch counts as a whole, whatever the order in it.
    await scope.commit({
      ops: [
        { type: "set", kind: "u", key: "d", value: 1 },
        { type: "delete", kind: "u", key: "c" },
      ],
    })
    same(await scope.keys("u"), ["b", "d"])
    await scope.deleteMany("u")
    same((await scope.set("v", "a", 1)).outcome, "created")
  }),
  contractCase("G7 kinds are counted that have an entry", async (root) => {
    const scope = root.scope("s", { kinds: 1 })
    await scope.setMany("u", { a: 1, b: 1, c: 1 })
    const { details } = await refuses("quota_exceeded", () => scope.set("v", "a", 1))
    same([details.limit, details.allowed, details.used, details.wanted], ["kinds", 1, 1, 2])
    await scope.deleteMany("u")
    await scope.set("v", "a", 1)
    same(await scope.kinds(), ["v"])
  }),
  contractCase("G7 bytes are those of keys and values, in UTF-8", async (root) => {
    const scope = root.scope("s", { bytes: 10 })
    await scope.set("u", "é", "ab") // 2 + 4
    same((await scope.usage()).bytes, 6)
    const { details } = await refuses("quota_exceeded", () => scope.set("u", "k", 1_234))
    same([details.limit, details.used, details.wanted], ["bytes", 6, 11])
    await scope.set("u", "k", 123)
    await refuses("quota_exceeded", () => scope.set("u", "k", 1_234))
    await scope.set("u", "é", "")
    await scope.set("u", "k", 12_345)
    same((await scope.usage()).bytes, 10)
  }),
  clockCase("G7 an expired key counts as new, and does not count as held", async (root, clock) => {
    const scope = root.scope("s", { keys: 2 })
    await scope.set("u", "a", 1, { ttl: 100 })
    await scope.set("u", "b", 1, { ttl: 200 })
    await refuses("quota_exceeded", () => scope.set("u", "c", 1))
    clock.jump(100)
    same(await scope.usage(), { keys: 1, kinds: 1, bytes: 2 })
    await scope.set("u", "c", 1)
    // a has ended: to write it again takes a place.
    await refuses("quota_exceeded", () => scope.set("u", "a", 1))
    clock.jump(100)
    await scope.set("u", "a", 1)
    same(
      [await scope.keys("u"), await scope.usage()],
      [["a", "c"], { keys: 2, kinds: 1, bytes: 4 }],
    )
  }),
  contractCase(
    "G7 the third pending key of a transaction past the limit rolls all of it back",
    async (root) => {
      const scope = root.scope("s", { keys: 3 })
      await scope.set("u", "old", 1)
      await refuses("quota_exceeded", () =>
        scope.transaction(async (tx) => {
          await tx.set("u", "old", 2)
          await tx.set("u", "a", 1)
          await tx.set("u", "b", 1)
          await tx.set("u", "c", 1)
        }),
      )
      same([await scope.keys("u"), await scope.get("u", "old")], [["old"], 1])
    },
  ),
  contractCase("G7 a batch of one tick sees what those before it have taken", async (root) => {
    const scope = root.scope("s", { keys: 2 })
    const writes = ["a", "b", "c", "d"].map((key) => scope.set("u", key, 1))
    const settled = await Promise.allSettled(writes)
    same(
      settled.map(({ status }) => status),
      ["fulfilled", "fulfilled", "rejected", "rejected"],
    )
    same(await scope.usage(), { keys: 2, kinds: 1, bytes: 4 })
  }),
  contractCase(
    "G7 what a scope inside holds counts outside, and every bound around holds",
    async (root) => {
      const outer = root.scope("outer", { keys: 3 })
      const inner = outer.scope("inner", { keys: 2 })
      await outer.set("u", "a", 1)
      await inner.setMany("u", { a: 1, b: 1 })
      const first = await refuses("quota_exceeded", () => inner.set("u", "c", 1))
      same(lastOf(first.details.scope), "inner")
      await inner.delete("u", "b")
      await outer.set("u", "b", 1)
      const second = await refuses("quota_exceeded", () => inner.set("u", "b", 1))
      same([lastOf(second.details.scope), second.details.used], ["outer", 3])
      same(
        [await outer.usage(), await inner.usage()],
        [
          { keys: 3, kinds: 2, bytes: 6 },
          { keys: 1, kinds: 1, bytes: 2 },
        ],
      )
      await root.scope("outer 2").setMany("u", { a: 1, b: 1, c: 1, d: 1 })
      await root.setMany("u", { a: 1, b: 1, c: 1, d: 1 })
      same((await outer.usage()).keys, 3)
    },
  ),
  contractCase("G7 a quota is that of the handle which it was given to", async (root) => {
    const [free, small] = [root.scope("s"), root.scope("s", { keys: 1 })]
    await free.setMany("u", { a: 1, b: 1, c: 1 })
    await refuses("quota_exceeded", () => small.set("u", "d", 1))
    // Past a bound already: what does not take more is allowed.
    await small.set("u", "a", 2)
    await small.delete("u", "b")
    await refuses("quota_exceeded", () => small.setMany("u", { d: 1 }))
    same((await root.scope("s", { keys: 3 }).set("u", "d", 1)).outcome, "created")
  }),
  contractCase("G7 what Tidemark keeps in a scope for itself does not count", async (root) => {
    const scope = root.scope("s", { keys: 1, kinds: 1 })
    await scope.set("tidemark:clients", "a", { large: "x".repeat(100) })
    await scope.set("u", "a", 1)
    same(await scope.usage(), { keys: 1, kinds: 1, bytes: 2 })
  }),
  contractCase(
    "G7 a quota that is none is refused, and so is one of somebody else",
    async (root) => {
      const bad: unknown[] = [
        { keys: -1 },
        { keys: 1.5 },
        { bytes: Number.NaN },
        { kinds: Number.POSITIVE_INFINITY },
        { keys: "1" },
        { entries: 1 },
      ]
      for (const quota of bad)
        await refuses("invalid_value", () => root.scope("s", quota as ScopeQuota))
      const quota = { scope: "tidemark:scope/s", keys: 0 }
      for (const store of [root, root.scope("t")]) {
        await refuses("invalid_value", () => store.commit({ ops: [], expect: [{ quota }] }))
      }
      await refuses("quota_exceeded", () => root.scope("s", { keys: 0 }).set("u", "a", 1))
    },
  ),
]

/** The namespace of a scope, of those that lead to it. */
function lastOf(namespaces: unknown): unknown {
  return (namespaces as readonly string[]).at(-1)
}
