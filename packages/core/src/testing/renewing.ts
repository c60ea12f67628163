import type { EndOptions } from "../end.ts"
import type { ContractCase } from "./case.ts"
import { holds, refuses, same } from "./claim.ts"
import { clockCase } from "./clock.ts"

/** How ends are given, kept and taken away: G1. */
export const renewingCases: readonly ContractCase[] = [
  clockCase("G1 a plain set clears the end, and an update keeps it", async (store, clock) => {
    const end = clock.now() + 100
    const endNow = async () => (await store.entry("u", "a"))?.expiresAt
    await store.set("u", "a", 1, { ttl: 100 })
    await store.update("u", "a", () => 2)
    same(await endNow(), end)
    await store.transaction((tx) => tx.update("u", "a", () => 3))
    same(await endNow(), end)
    await store.update("u", "a", () => 4, { ttl: 200 })
    same(await endNow(), end + 100)
    await store.transaction((tx) => tx.update("u", "a", () => 5, { expiresAt: end + 7 }))
    same(await endNow(), end + 7)
    const { outcome } = await store.set("u", "a", 5)
    same([outcome, await endNow()], ["updated", undefined])
    await store.transaction((tx) => tx.set("u", "a", 5, { ttl: 100 }))
    same(await endNow(), end)
    await store.transaction((tx) => tx.set("u", "a", 5))
    same(await endNow(), undefined)
    clock.jump(1_000)
    same(await store.get("u", "a"), 5)
  }),
  clockCase("G1 another end is a change, the same end is none", async (store, clock) => {
    const expiresAt = clock.now() + 100
    await store.set("u", "a", 1, { expiresAt })
    same((await store.set("u", "a", 1, { expiresAt })).outcome, "unchanged")
    same((await store.set("u", "a", 1, { expiresAt: expiresAt + 1 })).version, 2)
    same(await store.touch("u", "a", { expiresAt: expiresAt + 1 }), true)
    same((await store.entry("u", "a"))?.version, 2)
  }),
  clockCase("G1 touch gives another end, or none, and leaves the value", async (store, clock) => {
    const { seq } = await store.set("u", "a", { n: 1 }, { ttl: 100 })
    const list = store.liveList("u")
    await list.ready
    clock.jump(99)
    same(await store.touch("u", "a", { ttl: 100 }), true)
    clock.jump(99)
    const { value, version, expiresAt } = (await store.entry("u", "a")) ?? {}
    same([value, version, expiresAt], [{ n: 1 }, 2, clock.now() + 1])
    same(await store.touch("u", "a"), true)
    clock.jump(1_000)
    same([await store.get("u", "a"), list.get().length], [{ n: 1 }, 1])
    const changes = await store.changes({ after: seq, kinds: ["u"] })
    same(
      changes.map(({ type, value, previous, expiresAt: end }) => [
        type,
        value,
        previous,
        end !== undefined,
      ]),
      [
        ["update", { n: 1 }, { n: 1 }, true],
        ["update", { n: 1 }, { n: 1 }, false],
      ],
    )
  }),
  clockCase("G1 touch tells whether there is an entry, and makes none", async (store) => {
    same(await store.touch("u", "a", { ttl: 100 }), false)
    await store.set("u", "a", 1)
    same(await store.touch("u", "a"), true)
    await refuses("conflict", () => store.touch("u", "a", { ttl: 100, ifVersion: 2 }))
    same(await store.touch("u", "a", { ttl: 100, ifVersion: 1 }), true)
    await store.delete("u", "a")
    same([await store.touch("u", "a", { ttl: 100 }), await store.count("u")], [false, 0])
  }),
  clockCase(
    "G1 touch in a transaction is part of it, and what it met must still hold",
    async (store, clock) => {
      await store.setMany("u", { a: 1, b: 1 }, { ttl: 100 })
      let runs = 0
      const told = await store.transaction(async (tx) => {
        const found = [await tx.touch("u", "a", { ttl: 500 }), await tx.touch("u", "none")]
        same((await tx.entry("u", "a"))?.expiresAt, clock.now() + 500)
        if (runs++ === 0) await store.set("u", "a", 2)
        return found
      })
      same([told, runs], [[true, false], 2])
      const { value, expiresAt } = (await store.entry("u", "a")) ?? {}
      same([value, expiresAt], [2, clock.now() + 500])
      const failed = store.transaction(async (tx) => {
        await tx.touch("u", "b")
        throw new Error("no")
      })
      await failed.catch(() => {})
      same((await store.entry("u", "b"))?.expiresAt, clock.now() + 100)
    },
  ),
  clockCase("G1 a batch may touch and expire", async (store, clock) => {
    await store.setMany("u", { a: 1, b: 2 }, { ttl: 100 })
    const at = clock.now() + 500
    const { results } = await store.commit({
      ops: [
        { type: "touch", kind: "u", key: "a", expiresAt: at },
        { type: "expire", kind: "u", key: "b" },
        { type: "set", kind: "u", key: "c", value: 3, expiresAt: at },
      ],
    })
    same(results[1], { existed: false, previous: undefined })
    clock.jump(100)
    same(await store.keys("u"), ["a", "c"])
    const { results: after } = await store.commit({
      ops: [
        { type: "expire", kind: "u", key: "b" },
        { type: "expire", kind: "u", key: "a" },
      ],
    })
    same(after, [
      { existed: true, previous: 2 },
      { existed: false, previous: undefined },
    ])
  }),
  clockCase("G1 what is no end is refused, and nothing is written", async (store, clock) => {
    const { seq } = await store.set("u", "a", 1)
    for (const bad of BAD) {
      const { ttl, expiresAt } = bad
      const writes: (() => Promise<unknown>)[] = [
        () => store.set("u", "a", 2, bad),
        () => store.setMany("u", { a: 2 }, bad),
        () => store.update("u", "a", () => 2, bad),
        () => store.touch("u", "a", bad),
        () => store.transaction((tx) => tx.set("u", "a", 2, bad)),
        () => store.transaction((tx) => tx.update("u", "a", () => 2, bad)),
        () => store.transaction((tx) => tx.touch("u", "a", bad)),
      ]
      if (ttl === undefined && expiresAt !== undefined) {
        const op = { kind: "u", key: "a", expiresAt }
        writes.push(() => store.commit({ ops: [{ type: "set", value: 2, ...op }] }))
        writes.push(() => store.commit({ ops: [{ type: "touch", ...op }] }))
      }
      for (const write of writes) {
        const { message } = await refuses("invalid_value", write)
        holds(message.startsWith("u"), "the message names the kind")
      }
    }
    same([await store.get("u", "a"), (await store.entry("u", "a"))?.seq], [1, seq])
    // An end that lies behind is one: the entry is gone at once.
    same((await store.set("u", "b", 1, { expiresAt: 0 })).outcome, "created")
    same((await store.set("u", "c", 1, { ttl: 0 })).outcome, "created")
    same([await store.keys("u"), clock.now() > 0], [["a"], true])
  }),
  clockCase(
    "G1 a kind with a ttl gives it to every write that has no end of its own",
    async (store, clock) => {
      const end = () => clock.now() + 100
      const endOf = async (key: string) => (await store.entry("sessions", key))?.expiresAt
      await store.set("sessions", "a", 1)
      await store.setMany("sessions", { b: 1 })
      await store.transaction((tx) => tx.set("sessions", "c", 1))
      await store.commit({ ops: [{ type: "set", kind: "sessions", key: "d", value: 1 }] })
      await store.set("sessions", "e", 1, { ttl: 5_000 })
      const ends = await Promise.all(["a", "b", "c", "d", "e"].map(endOf))
      same(ends, [end(), end(), end(), end(), clock.now() + 5_000])
      clock.jump(50)
      await store.update("sessions", "a", () => 2)
      await store.transaction((tx) => tx.update("sessions", "b", () => 2))
      await store.touch("sessions", "c")
      same(await Promise.all(["a", "b", "c", "d"].map(endOf)), [
        end(),
        end(),
        undefined,
        end() - 50,
      ])
      await store.set("others", "a", 1)
      clock.jump(100)
      same([await store.keys("sessions"), await store.count("others")], [["c", "e"], 1])
    },
    { kinds: { sessions: { ttl: 100 }, others: {} } },
  ),
]

const BAD: readonly EndOptions[] = [
  { ttl: 1, expiresAt: 1 },
  { ttl: Number.NaN },
  { ttl: -1 },
  { ttl: 1.5 },
  { ttl: Number.POSITIVE_INFINITY },
  { ttl: Number.MAX_SAFE_INTEGER },
  { ttl: 2 ** 60 },
  { ttl: "100" as never },
  { ttl: null as never },
  { expiresAt: Number.NaN },
  { expiresAt: -1 },
  { expiresAt: 1.5 },
  { expiresAt: Number.POSITIVE_INFINITY },
  { expiresAt: 2 ** 53 },
  { expiresAt: new Date() as never },
]
