import type { Change } from "../change.ts"
import type { Store } from "../store.ts"
import type { ContractCase } from "./case.ts"
import { eventually, holds, refuses, same, until } from "./claim.ts"
import { clockCase } from "./clock.ts"

/** What an end does, to every reader and writer: G1, G4. */
export const expiringCases: readonly ContractCase[] = [
  clockCase("G1 from its end on an entry is there for no reader", async (store, clock) => {
    await store.set("u", "a", { n: 1 }, { ttl: 100 })
    await store.set("v", "a", { n: 1 }, { expiresAt: clock.now() + 100 })
    await store.set("u", "b", { n: 2 })
    same((await store.entry("u", "a"))?.expiresAt, clock.now() + 100)
    same((await store.entry("u", "b"))?.expiresAt, undefined)
    const [key, list] = [store.live("u", "a"), store.liveList("u", { orderBy: "n" })]
    key.subscribe(() => {})
    list.subscribe(() => {})
    await Promise.all([key.ready, list.ready])
    clock.jump(99)
    same(await seenOf(store), [{ n: 1 }, { n: 1 }, "ab", "ab", 2, 1, "uv", "ab", "abv", "ab", "ab"])
    same([key.get(), list.get().length], [{ n: 1 }, 2])
    clock.jump(1)
    same([key.get(), list.get().length], [undefined, 1])
    same(await seenOf(store), [undefined, undefined, "b", "b", 1, 0, "u", "b", "b", "b", "b"])
  }),
  clockCase("G1 no writer meets what has ended", async (store, clock) => {
    const keys = ["a", "b", "c", "d", "e"]
    await store.setMany("u", Object.fromEntries(keys.map((key) => [key, 1])), { ttl: 100 })
    clock.jump(100)
    await refuses("not_found", () => store.update("u", "a", () => 2))
    await refuses("conflict", () => store.set("u", "a", 2, { ifVersion: "present" }))
    await refuses("conflict", () => store.set("u", "a", 2, { ifVersion: 1 }))
    same((await store.delete("u", "b")).existed, false)
    same(await store.touch("u", "c", { ttl: 100 }), false)
    same((await store.set("u", "d", 2, { ifVersion: "absent" })).outcome, "created")
    const told = await store.transaction(async (tx) => [
      await tx.get("u", "e"),
      await tx.delete("u", "e"),
      await tx.touch("u", "e"),
      (await tx.list("u")).length,
    ])
    same(told, [undefined, false, false, 1])
    same(await store.keys("u"), ["d"])
  }),
  clockCase("G1 a write over what has ended tells of its end first", async (store, clock) => {
    await store.set("u", "a", 1, { ttl: 100 })
    const { position } = store
    clock.jump(100)
    const { version } = await store.set("u", "a", 2, { ttl: 50 })
    const changes = await store.changes({ after: position, kinds: ["u"] })
    same(
      changes.map((change) => [change.type, change.cause, change.value, change.expiresAt]),
      [
        ["delete", "expired", 1, undefined],
        ["create", "write", 2, clock.now() + 50],
      ],
    )
    same([version, (await store.entry("u", "a"))?.expiresAt], [3, clock.now() + 50])
  }),
  clockCase("G1 a screen is told in time, without a read", async (store, clock) => {
    await store.setMany("u", { a: { n: 1 }, b: { n: 2 } }, { ttl: 100 })
    await store.set("u", "c", { n: 3 }, { ttl: 250 })
    const [key, list] = [store.live("u", "a"), store.liveList("u", { limit: 2 })]
    const [values, lists]: [unknown[], string[]] = [[], []]
    key.subscribe(() => values.push(key.get()))
    list.subscribe(() => lists.push(textOf(list.get())))
    await Promise.all([key.ready, list.ready])
    values.length = 0
    lists.length = 0
    clock.pass(99)
    same([values, lists], [[], []])
    clock.pass(1)
    await until(() => values.length > 0 && lists.at(-1) === "c")
    same(values, [undefined])
    clock.pass(150)
    await until(() => lists.at(-1) === "")
  }),
  clockCase("G1 a screen is told of an own write's end in time as well", async (store, clock) => {
    const [key, list] = [store.live("u", "a"), store.liveList("u")]
    await Promise.all([key.ready, list.ready])
    const seen: unknown[] = []
    list.subscribe(() => seen.push(textOf(list.get())))
    const writing = store.set("u", "a", 1, { ttl: 100 })
    same([key.get(), textOf(list.get())], [1, "a"])
    await writing
    clock.pass(100)
    await until(() => seen.at(-1) === "")
    same(key.get(), undefined)
  }),
  clockCase(
    "G1 a timer deletes what has ended, and each follower hears of it once",
    async (store, clock) => {
      await store.set("u", "late", 1, { ttl: 200 })
      await store.set("u", "soon", 2, { ttl: 100 })
      const told: Change[] = []
      const watch = store.watch("u")
      watch.subscribe((change) => told.push(change))
      clock.pass(150)
      await until(() => told.length === 1)
      clock.pass(50)
      await until(() => {
        clock.pass(0) // The timer may be set only now, for what has ended meanwhile.
        return told.length === 2
      })
      same(
        told.map(({ type, key, value, cause, version }) => [type, key, value, cause, version]),
        [
          ["delete", "soon", 2, "expired", 2],
          ["delete", "late", 1, "expired", 2],
        ],
      )
      clock.pass(60_000)
      same(await store.purge(), 0)
      same(told.length, 2)
    },
  ),
  clockCase("G1 thousands that end at once are deleted in batches", async (store, clock) => {
    const keys = Array.from({ length: 2_500 }, (_, n) => `k${n}`)
    await store.setMany(
      "u",
      keys.map((key) => [key, 1] as const),
      { ttl: 100 },
    )
    await store.set("u", "stays", 1)
    const sizes = new Map<number, number>()
    store.watch("u").subscribe(({ type, batch }) => {
      if (type === "delete") sizes.set(batch, (sizes.get(batch) ?? 0) + 1)
    })
    clock.pass(100)
    await until(() => [...sizes.values()].reduce((sum, size) => sum + size, 0) === 2_500)
    holds(
      [...sizes.values()].every((size) => size <= 500),
      "no batch is large",
    )
    same(await store.keys("u"), ["stays"])
  }),
  clockCase("G1 purge deletes what has ended now, and says how much", async (store, clock) => {
    await store.setMany("u", { a: 1, b: 2, c: 3 }, { ttl: 100 })
    await store.set("u", "d", 4, { ttl: 101 })
    same(await store.purge(), 0)
    clock.jump(100)
    same(await store.purge(), 3)
    same(await store.purge(), 0)
    same(await store.keys("u"), ["d"])
    clock.jump(1)
    same(await store.purge(), 1)
  }),
  clockCase("G1 an end may be years away, and no timer waits for years", async (store, clock) => {
    const years = 10 * 365 * 24 * 60 * 60 * 1_000
    await store.set("u", "a", 1, { ttl: years })
    const live = store.live("u", "a")
    live.subscribe(() => {})
    await live.ready
    clock.pass(120_000)
    clock.jump(years - 120_001)
    same(await store.get("u", "a"), 1)
    clock.pass(1)
    same(await store.get("u", "a"), undefined)
    holds(clock.longest <= 60_000, "no timer is longer than a minute")
  }),
  clockCase(
    "G1 a clock that jumps forth is noticed within a minute, as after a sleep",
    async (store, clock) => {
      await store.set("u", "a", 1, { ttl: 3_600_000 })
      const [key, list] = [store.live("u", "a"), store.liveList("u")]
      const seen: unknown[] = []
      key.subscribe(() => seen.push(key.get()))
      list.subscribe(() => seen.push(textOf(list.get())))
      await Promise.all([key.ready, list.ready])
      seen.length = 0
      clock.jump(3_600_000)
      clock.pass(60_000)
      await until(() => seen.length === 2)
      same(seen, [undefined, ""])
      await eventually(async () => (await store.purge()) === 0)
      same((await store.history("u", "a")).at(0)?.cause, "expired")
    },
  ),
  clockCase(
    "G1 a clock that goes back shows again what nobody has deleted meanwhile",
    async (store, clock) => {
      await store.set("u", "a", 1, { ttl: 3_600_000 })
      const [key, list] = [store.live("u", "a"), store.liveList("u")]
      const seen: string[] = []
      list.subscribe(() => seen.push(textOf(list.get())))
      key.subscribe(() => {})
      await Promise.all([key.ready, list.ready])
      clock.jump(3_600_000)
      same([await store.get("u", "a"), key.get(), list.get()], [undefined, undefined, []])
      clock.jump(-1)
      same([await store.get("u", "a"), key.get(), store.peek("u", "a")], [1, 1, 1])
      clock.jump(-3_000_000)
      seen.length = 0
      clock.pass(60_000)
      await until(() => seen.at(-1) === "a")
      same((await store.entry("u", "a"))?.version, 1)
      clock.jump(3_600_000)
      same(await store.purge(), 1)
      clock.jump(-3_600_000)
      same([await store.get("u", "a"), list.get()], [undefined, []])
    },
  ),
  clockCase(
    "G1 what a transaction has listed must still be there at its commit",
    async (store, clock) => {
      await store.setMany("u", { a: 1, b: 2 }, { ttl: 100 })
      let runs = 0
      await store.transaction(async (tx) => {
        const { length } = await tx.list("u")
        await tx.set("count", "u", length)
        if (runs++ === 0) clock.jump(100)
      })
      same([runs, await store.get("count", "u")], [2, 0])
    },
  ),
  clockCase("G4 counts tell live entries only, by kind and by prefix", async (store, clock) => {
    await store.setMany("user/1", { a: 1, b: 1, "a/c": 1 })
    await store.setMany("user/2", { "a/d": 1, "a/e": 1 }, { ttl: 100 })
    await store.set("user/1", "a/f", 1, { ttl: 100 })
    const counts = async () => [
      await store.count("user/1"),
      await store.count("user/1", { prefix: "a/" }),
      await store.count("user/2", { prefix: "a" }),
      await store.kinds("user/"),
      await store.kinds("user/2"),
    ]
    same(await counts(), [4, 2, 2, ["user/1", "user/2"], ["user/2"]])
    clock.jump(100)
    same(await counts(), [3, 1, 0, ["user/1"], []])
    await store.delete("user/1", "a/c")
    same(await store.count("user/1", { prefix: "a/" }), 0)
  }),
]

/** What each way to read shows: of `u`, which should have a and b, and of `v`. */
async function seenOf(store: Store): Promise<readonly unknown[]> {
  const scanned: string[] = []
  for await (const { key } of store.scan("u")) scanned.push(key)
  const replayed: string[] = []
  const watch = store.watch({ anyOf: ["u"] }, { from: "current" })
  watch.subscribe(({ key }) => replayed.push(key))
  await watch.synced
  watch[Symbol.dispose]()
  const { entries } = await store.snapshot()
  return [
    await store.get("u", "a"),
    store.peek("u", "a"),
    textOf(await store.list("u")),
    (await store.keys("u")).join(""),
    await store.count("u"),
    await store.count("v"),
    (await store.kinds()).join(""),
    scanned.join(""),
    entries.map(({ kind, key }) => (kind === "v" ? "v" : key)).join(""),
    replayed.join(""),
    await store.transaction(async (tx) => textOf(await tx.list("u"))),
  ]
}

function textOf(entries: readonly { readonly key: string }[]): string {
  return entries.map(({ key }) => key).join("")
}
