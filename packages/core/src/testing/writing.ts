import type { SetResult } from "../batch.ts"
import { StoreError } from "../errors.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same, until } from "./claim.ts"

/** What writing must show: Z2, Z7 and what is refused. */
export const writingCases: readonly ContractCase[] = [
  contractCase("Z2 set says created, updated or unchanged", async (store) => {
    const created = await store.set("u", "a", { n: 1 })
    same([created.outcome, created.version], ["created", 1])
    const updated = await store.set("u", "a", { n: 2 })
    same([updated.outcome, updated.version], ["updated", 2])
    holds(updated.seq > created.seq, "a later change has a higher seq")
    same(await store.set("u", "a", { n: 2 }), { ...updated, outcome: "unchanged" })
  }),
  contractCase(
    "Z2 setMany merges, skips what is equal, and emits in key order as one batch",
    async (store) => {
      await store.setMany("u", { b: 1, c: 1, d: 1 })
      const after = store.position
      const { results } = await store.setMany("u", { d: 2, a: 1, c: 1 })
      const [a, c, d] = results as [SetResult, SetResult, SetResult]
      same([a.outcome, c.outcome, d.outcome], ["created", "unchanged", "updated"])
      same([a.version, c.version, d.version], [1, 1, 2])
      same(d.seq, a.seq + 1)
      same(await store.keys("u"), ["a", "b", "c", "d"])
      const changes = (await store.changes({ after })).filter(({ kind }) => kind === "u")
      same(
        changes.map(({ key, seq, batch }) => [key, seq, batch]),
        [
          ["a", a.seq, a.seq],
          ["d", d.seq, a.seq],
        ],
      )
    },
  ),
  contractCase("Z2 update makes a new value of the present one", async (store) => {
    await store.set("u", "a", { n: 1, keep: true })
    const result = await store.update("u", "a", (value) => ({ ...(value as object), n: 2 }))
    same([result.outcome, result.version], ["updated", 2])
    same(await store.get("u", "a"), { n: 2, keep: true })
  }),
  contractCase(
    "Z2 update without an entry is not_found, and a throwing function changes nothing",
    async (store) => {
      await refuses("not_found", () => store.update("u", "a", () => 1))
      await store.set("u", "a", 1)
      const mistake = new Error("mine")
      const caught = await store
        .update("u", "a", () => {
          throw mistake
        })
        .catch((error: unknown) => error)
      holds(caught === mistake, "the function's own error reaches the caller")
      same(await store.entry("u", "a").then((entry) => [entry?.value, entry?.version]), [1, 1])
    },
  ),
  contractCase("Z2 updates that meet each other all count", async (store) => {
    await store.set("u", "n", 0)
    const increment = () => store.update("u", "n", async (value) => (value as number) + 1)
    await Promise.all(Array.from({ length: 8 }, increment))
    same(await store.get("u", "n"), 8)
  }),
  contractCase("Z2 delete says whether it existed and what was there", async (store) => {
    await store.set("u", "a", { n: 1 })
    same(await store.delete("u", "a"), { existed: true, previous: { n: 1 } })
    same(await store.delete("u", "a"), { existed: false, previous: undefined })
    same(await store.get("u", "a"), undefined)
  }),
  contractCase("Z2 a write shows before its promise is returned", async (store) => {
    const written = store.set("u", "a", 1)
    same(store.peek("u", "a"), 1)
    same(await store.entry("u", "a").then((entry) => entry?.value), 1)
    await written
    const deleted = store.delete("u", "a")
    same(store.peek("u", "a"), undefined)
    await deleted
  }),
  contractCase("Z2 writes of one tick keep their order", async (store) => {
    const writes = [
      store.set("u", "a", 1),
      store.set("u", "a", 2),
      store.delete("u", "a"),
      store.set("u", "a", 3),
    ]
    same(store.peek("u", "a"), 3)
    await Promise.all(writes)
    same(await store.entry("u", "a").then((entry) => [entry?.value, entry?.version]), [3, 4])
  }),
  contractCase("Z7 versions count changes, and do not restart after a delete", async (store) => {
    await store.set("u", "a", 1)
    await store.set("u", "a", 1)
    await store.delete("u", "a")
    const again = await store.set("u", "a", 1)
    same([again.outcome, again.version], ["created", 3])
  }),
  contractCase("Z7 an equal write changes nothing, whatever the order of names", async (store) => {
    await store.set("u", "a", { x: 1, y: [1, { z: 2 }] })
    const before = await store.entry("u", "a")
    const seen: unknown[] = []
    store.watch("u").subscribe((change) => seen.push(change))
    const again = await store.set("u", "a", { y: [1, { z: 2 }], x: 1 })
    same(again.outcome, "unchanged")
    same(await store.entry("u", "a"), before)
    await store.set("u", "b", 1)
    await until(() => seen.length > 0)
    same(seen.length, 1)
  }),
  contractCase(
    "Z7 ifVersion compares and sets, safely after delete and re-creation",
    async (store) => {
      await store.set("u", "a", 1, { ifVersion: "absent" })
      await refuses("conflict", () => store.set("u", "a", 2, { ifVersion: "absent" }))
      await store.set("u", "a", 2, { ifVersion: 1 })
      await store.set("u", "a", 3, { ifVersion: "present" })
      const error = await refuses("conflict", () => store.set("u", "a", 4, { ifVersion: 2 }))
      same(error.details, { kind: "u", key: "a", expected: 2, actual: 3 })
      await store.delete("u", "a", { ifVersion: 3 })
      await store.set("u", "a", 3)
      await refuses("conflict", () => store.set("u", "a", 4, { ifVersion: 3 }))
      await refuses("conflict", () => store.delete("u", "b", { ifVersion: "present" }))
      same(await store.entry("u", "a").then((entry) => [entry?.value, entry?.version]), [3, 5])
    },
  ),
  contractCase("Z7 history tells the versions of an entry, newest first", async (store) => {
    await store.set("u", "a", 1, { origin: "test" })
    await store.set("u", "b", 1)
    await store.set("u", "a", 2)
    await store.delete("u", "a")
    const history = await store.history("u", "a")
    const told = history.map(({ type, version, value, previous }) => [
      type,
      version,
      value,
      previous ?? null,
    ])
    same(told, [
      ["delete", 3, 2, null],
      ["update", 2, 2, 1],
      ["create", 1, 1, null],
    ])
    holds(
      history.every(({ seq }, index) => index === 0 || seq < (history[index - 1]?.seq ?? 0)),
      "seqs fall",
    )
    same(
      (await store.history("u", "a", { limit: 2 })).map(({ version }) => version),
      [3, 2],
    )
    same((await store.history("u", "a")).at(-1)?.origin, "test")
  }),
  contractCase("Z2 commit applies a batch whole or not at all", async (store) => {
    const { seq } = await store.set("u", "a", 1)
    const ops = [
      { type: "set", kind: "u", key: "b", value: 2 },
      { type: "delete", kind: "u", key: "a" },
    ] as const
    const error = await refuses("conflict", () =>
      store.commit({ ops, expect: [{ kind: "u", key: "a", version: 9 }] }),
    )
    holds(error instanceof StoreError, "it is a StoreError")
    same(await store.keys("u"), ["a"])
    await refuses("conflict", () =>
      store.commit({ ops, expect: [{ kind: "u", unchangedSince: 0 }] }),
    )
    const done = await store.commit({
      ops,
      expect: [{ kind: "u", unchangedSince: seq }],
      origin: "me",
      cause: "test",
    })
    const [set, deleted] = done.results as [SetResult, unknown]
    same([set.outcome, set.version, deleted], ["created", 1, { existed: true, previous: 1 }])
    const changes = (await store.changes({ after: seq })).filter(({ kind }) => kind === "u")
    same(
      changes.map(({ origin, cause }) => [origin, cause]),
      [
        ["me", "test"],
        ["me", "test"],
      ],
    )
    const odd = [{ type: "merge", kind: "u", key: "a" }] as unknown as typeof ops
    await refuses("invalid_value", () => store.commit({ ops: odd }))
  }),
]
