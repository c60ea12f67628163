import type { Change } from "../change.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { eventually, holds, refuses, same } from "./claim.ts"

/** What a store remembers of its past, and what it lets go: C4, Z5. */
export const rememberingCases: readonly ContractCase[] = [
  contractCase("C4 at(seq) answers every read as the store would have then", async (store) => {
    await store.setMany("u", { a: 1, b: { n: 1 } })
    const first = store.position
    await store.set("u", "a", 2)
    await store.delete("u", "b")
    await store.set("v", "c", 3)
    const past = store.at(first)
    same(await past.get("u", "a"), 1)
    same((await past.entry("u", "b"))?.value, { n: 1 })
    same(await past.get("v", "c"), undefined)
    same(await past.keys("u"), ["a", "b"])
    same((await past.list("u", { where: { n: 1 } })).length, 1)
    same([await past.count("u"), await past.count("v")], [2, 0])
    same(await past.kinds(), ["u"])
    same((await past.snapshot()).entries.length, 2)
    same((await past.history("u", "a")).length, 1)
    same((await past.changes({ after: 0 })).length, 2)
    same(await store.at(0).kinds(), [])
  }),
  contractCase("C4 the past stays as it was while the store goes on", async (store) => {
    await store.set("u", "a", 1)
    const past = store.at(store.position)
    const pending = store.set("u", "a", 2)
    same([await past.get("u", "a"), store.peek("u", "a")], [1, 2])
    await pending
    await store.delete("u", "a")
    same(await past.get("u", "a"), 1)
  }),
  contractCase("C4 at(seq) refuses what is no position of the store", async (store) => {
    await store.set("u", "a", 1)
    for (const bad of [store.position + 1, -1, 0.5, Number.NaN, "1" as never]) {
      await refuses("invalid_value", () => store.at(bad))
    }
  }),
  contractCase("Z5 changes can be asked of some kinds alone", async (store) => {
    for (let n = 0; n < 5; n++) await store.setMany(n % 2 === 0 ? "u" : "v", { a: n, b: n })
    const changes = await store.changes({ after: 2, limit: 3, kinds: ["u"] })
    same(
      changes.map(({ kind, key, value }) => [kind, key, value]),
      [
        ["u", "a", 2],
        ["u", "b", 2],
        ["u", "a", 4],
      ],
    )
  }),
  contractCase(
    "Z5 pruning keeps the present and what is promised, and refuses older positions",
    async (store) => {
      for (let n = 1; n <= 20; n++) await store.set("u", "a", n)
      await store.set("u", "b", 1)
      const after = store.position - 5
      const before = await store.history("u", "a")
      const kept = before.filter((change) => change.seq > after).length + 1 + 3
      const newest = valuesOf(await store.changes({ after }))
      const then = await store.at(after).get("u", "a")
      holds((await store.prune({ changes: 5, versions: 3 })).removed > 0, "something was removed")
      same(await store.get("u", "a"), 20)
      same(valuesOf(await store.history("u", "a")), valuesOf(before.slice(0, kept)))
      same(valuesOf(await store.changes({ after })), newest)
      same(await store.at(after).get("u", "a"), then)
      await refuses("position_too_old", () => store.at(1).get("u", "a"))
      same((await store.prune({ changes: 5, versions: 3 })).removed, 0)
      same((await store.set("u", "a", 21)).version, 21)
    },
  ),
  contractCase("Z7 versions go on after a delete while its tombstone is kept", async (store) => {
    await store.set("u", "a", 1)
    await store.delete("u", "a")
    await store.set("u", "b", 1)
    await store.prune({ changes: 0 })
    same((await store.set("u", "a", 2)).version, 3)
  }),
  contractCase("Z5 a seq is not given again after its change was pruned", async (store) => {
    await store.set("u", "a", 1)
    await store.delete("u", "a")
    const { position } = store
    await store.prune({ changes: 0, versions: 0, tombstones: 0 })
    const { seq } = await store.set("u", "b", 1)
    holds(seq > position, `${seq} is after ${position}`)
  }),
  contractCase(
    "Z5 a store prunes itself as it goes on, each kind by what it declares",
    async (store) => {
      const keys = ["brief", "long"]
      for (let round = 0; round < 16; round++) {
        const batch = { ops: keys.flatMap((kind) => sets(kind, round)) }
        await store.commit(batch)
      }
      const kept = async (kind: string) => (await store.history(kind, "a", { limit: 9_999 })).length
      let round = 0
      await eventually(async () => {
        await store.commit({ ops: sets("other", round++) })
        return (await kept("brief")) === 1 && (await kept("long")) === 8
      })
      same(await store.get("brief", "a"), 1_599)
    },
    {
      retention: { changes: 50, versions: 3 },
      kinds: { brief: { history: false }, long: { history: 7 } },
    },
  ),
  contractCase("Z5 a retention that cannot be kept is refused", async (store, open) => {
    for (const bad of [{ changes: -1 }, { versions: Number.NaN }, { month: 1 } as never]) {
      await refuses("invalid_value", () => store.prune(bad))
      await refuses("invalid_value", () => open({ retention: bad }))
    }
    holds(store.position === 0, "nothing was written")
  }),
]

function valuesOf(changes: readonly Change[]): readonly unknown[] {
  return changes.map((change) => change.value)
}

/** A hundred writes of one entry. */
function sets(kind: string, round: number) {
  return Array.from({ length: 100 }, (_, n) => ({
    type: "set" as const,
    kind,
    key: "a",
    value: round * 100 + n,
  }))
}
