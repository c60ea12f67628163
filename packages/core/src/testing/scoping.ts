import type { Change } from "../change.ts"
import { StoreError } from "../errors.ts"
import type { Scope, Store } from "../store.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same } from "./claim.ts"

/** What a scope is, beside being a store: G6, S6. */
export const scopingCases: readonly ContractCase[] = [
  contractCase("G6 everything that comes out of a scope has the names inside", async (root) => {
    const scope = root.scope("tenant")
    const told: Change[] = []
    scope.watch("*").subscribe((change) => told.push(change))
    const list = scope.liveList("u")
    await list.ready
    await scope.setMany("u", { a: 1, b: 2 })
    await scope.transaction(async (tx) => {
      same((await tx.entry("u", "a"))?.kind, "u")
      same(kindsOf(await tx.list("u")), ["u"])
      await tx.set("v", "c", 3)
    })
    const scanned = []
    for await (const entry of scope.scan("u")) scanned.push(entry)
    const replayed: Change[] = []
    const watch = scope.watch("*", { from: "current" })
    watch.subscribe((change) => replayed.push(change))
    await watch.synced
    same(kindsOf([...scanned, ...list.get(), ...(await scope.list("u"))]), ["u"])
    same((await scope.entry("v", "c"))?.kind, "v")
    for (const facts of [
      (await scope.snapshot()).entries,
      await scope.changes({ after: 0 }),
      await scope.at(scope.position).changes({ after: 0 }),
      replayed,
      told,
    ])
      same(kindsOf(facts), ["u", "v"])
    same(kindsOf(await scope.history("u", "a")), ["u"])
    same(
      [await scope.kinds(), await scope.at(scope.position).kinds()],
      [
        ["u", "v"],
        ["u", "v"],
      ],
    )
    same((await scope.snapshot(["v"])).entries.length, 1)
    same([scope.epoch, scope.position], [root.epoch, root.position])
    same(scope.status.get(), root.status.get())
  }),
  contractCase(
    "G6 nothing of a scope shows outside, and nothing from outside in it",
    async (root) => {
      const [one, other] = [root.scope("one"), root.scope("other")]
      const told: string[][] = [[], [], []]
      const stores: readonly Store[] = [root, one, other]
      for (const [at, store] of stores.entries()) {
        store.watch("*").subscribe(({ value }) => told[at]?.push(String(value)))
      }
      const lists = stores.map((store) => store.liveList("u"))
      for (const list of lists) list.subscribe(() => {})
      await Promise.all(lists.map((list) => list.ready))
      for (const [at, store] of stores.entries()) await store.set("u", "k", `u${at}`)
      await one.set("only one", "k", "x")
      for (const [at, store] of stores.entries()) {
        const own = at === 1 ? ["only one", "u"] : ["u"]
        same(await store.get("u", "k"), `u${at}`)
        same([await store.count("u"), await store.kinds()], [1, own])
        same(kindsOf((await store.snapshot()).entries), own)
        same(
          lists[at]?.get().map(({ value }) => value),
          [`u${at}`],
        )
        const replayed: unknown[] = []
        const watch = store.watch("*", { from: "current" })
        watch.subscribe(({ value }) => replayed.push(value))
        await watch.synced
        same(replayed.sort(), at === 1 ? ["u1", "x"] : [`u${at}`])
      }
      same(await one.deleteMany("u"), 1)
      same([await root.count("u"), await other.count("u")], [1, 1])
      same(told, [["u0"], ["u1", "x", "u1"], ["u2"]])
    },
  ),
  contractCase("G6 namespaces match exactly, whatever is in them", async (root) => {
    const scopes: Scope[] = [
      ...NAMESPACES.map((namespace) => root.scope(namespace)),
      root.scope("a").scope("b"),
      root.scope("a").scope("b").scope("a"),
      root.scope("a").scope("a/b"),
    ]
    for (const [at, scope] of scopes.entries()) await scope.set("u", "k", at)
    for (const [at, scope] of scopes.entries()) {
      same([await scope.get("u", "k"), await scope.count("u"), await scope.kinds()], [at, 1, ["u"]])
      same((await scope.changes({ after: 0 })).length, 1)
    }
    same(await root.scope("a").get("u", "k"), 0)
    for (const bad of ["", "\ud800", 5 as never, "x".repeat(70_000)]) {
      await refuses("invalid_key", () => root.scope(bad))
      await refuses("invalid_key", () => root.scope("a").scope(bad))
    }
  }),
  contractCase("G6 a scope of a scope is in neither of the two around it", async (root) => {
    const outer = root.scope("outer")
    const inner = outer.scope("inner")
    await outer.set("u", "a", "outer")
    await inner.set("u", "a", "inner")
    same([await outer.get("u", "a"), await inner.get("u", "a")], ["outer", "inner"])
    same(
      [await outer.list("u"), await outer.changes({ after: 0 })].map((all) => all.length),
      [1, 1],
    )
    same((await outer.snapshot()).entries.length, 1)
    same([await root.kinds(), (await root.snapshot()).entries], [[], []])
  }),
  contractCase("G6 errors of a scope speak of the names inside", async (root) => {
    const scope = root.scope("a/b")
    await scope.set("u", "a", 1)
    for (const write of [
      () => scope.set("u", "a", 2, { ifVersion: 7 }),
      () => scope.transaction((tx) => tx.set("u", "a", 2, { ifVersion: 7 })),
      () => scope.commit({ ops: [], expect: [{ kind: "u", key: "a", version: 7 }] }),
      () => scope.commit({ ops: [], expect: [{ kind: "u", unchangedSince: 0 }] }),
      () => scope.set("u", "a", undefined),
      () => scope.set("u", "\ud800", 1),
      () => scope.update("u", "none", () => 1),
    ]) {
      const error = await failure(write)
      holds(!error.message.includes("tidemark:"), error.message)
      if ("kind" in error.details) same(error.details.kind, "u")
    }
  }),
  contractCase(
    "G6 kinds are declared by the names that they have inside",
    async (root) => {
      const scope = root.scope("s")
      await refuses("not_found", () => scope.set("others", "a", 1))
      await scope.set("sessions", "a", 1)
      holds((await scope.entry("sessions", "a"))?.expiresAt !== undefined, "its ttl counts")
      const error = await refuses("validation_failed", () => scope.set("names", "a", 5))
      same([error.details.kind, error.details.key], ["names", "a"])
      same((await scope.set("names", "a", "x")).outcome, "created")
    },
    {
      strict: true,
      kinds: {
        sessions: { ttl: 60_000 },
        names: {
          schema: {
            "~standard": {
              version: 1,
              vendor: "contract",
              validate: (value) =>
                typeof value === "string" ? { value } : { issues: [{ message: "is no text" }] },
            },
          },
        },
      },
    },
  ),
  contractCase(
    "G6 an unchanged entry keeps its identity, in all handles of a scope",
    async (root) => {
      const [one, other] = [root.scope("s"), root.scope("s")]
      await one.setMany("u", { a: 1, b: 2 })
      const list = one.liveList("u")
      list.subscribe(() => {})
      await list.ready
      const [entries, others] = [list.get(), other.liveList("u").get()]
      const [a, b] = entries
      holds(one.liveList("u") === list, "equal questions share a live result")
      holds(list.get() === entries && others[0] === a, "the same for all who look")
      await other.set("u", "b", 3)
      holds(list.get()[0] === a && list.get()[1] !== b, "what did not change stays")
    },
  ),
  contractCase("G6 only a scope leads to its kinds, whatever name is tried", async (root) => {
    const scope = root.scope("s")
    await scope.set("u", "a", 1)
    const kind = (await root.changes({ after: 0 })).at(-1)?.kind ?? ""
    for (const store of [root, scope]) {
      for (const call of [
        () => store.get(kind, "a"),
        () => store.list(kind),
        () => store.set(kind, "a", 2),
        () => store.delete(kind, "a"),
        () => store.commit({ ops: [{ type: "delete", kind, key: "a" }] }),
        () => store.transaction((tx) => tx.delete(kind, "a")),
        () => store.snapshot([kind]),
        () => store.live(kind, "a"),
        () => store.watch(kind),
        () => store.watch({ anyOf: [[kind, "a"]] }),
      ])
        await refuses("invalid_key", call)
    }
    same(await scope.get("u", "a"), 1)
  }),
  contractCase("G6 an idempotency key is the scope's own", async (root) => {
    const [one, other] = [root.scope("one"), root.scope("other")]
    for (const store of [root, one, other, one]) {
      const { outcome } = await store.set("u", "a", 1, { idempotencyKey: "k" })
      same(outcome, "created")
    }
    same([await root.count("u"), await one.count("u"), await other.count("u")], [1, 1, 1])
  }),
  contractCase("G6 what concerns the whole store is refused in a scope", async (root) => {
    const scope = root.scope("s")
    await refuses("unsupported", () => scope.prune())
    await refuses("unsupported", () => scope.check())
    await refuses("unsupported", () => scope.backup("x.db"))
  }),
  contractCase(
    "S6 scopes serve as prefixes: equal keys in two of them do not meet",
    async (root) => {
      const [app, other] = [root.scope("app1"), root.scope("app")]
      await app.set("cache", "1:k", 1)
      await other.set("cache", "k", 2)
      same([await app.keys("cache"), await other.keys("cache")], [["1:k"], ["k"]])
      same(await other.deleteMany("cache"), 1)
      same(await app.get("cache", "1:k"), 1)
    },
  ),
]

const NAMESPACES = [
  "a",
  "A",
  "a/b",
  "a:b",
  "a%2Fb",
  "a/b:u",
  "%",
  "_",
  "*",
  " ",
  "ä",
  "a\u0308",
  "😀",
  "\0",
  "__proto__",
  "constructor",
  "tidemark:scope/a",
  "tidemark:",
  "'; DROP TABLE kv; --",
]

function kindsOf(facts: readonly { readonly kind: string }[]): readonly string[] {
  return [...new Set(facts.map(({ kind }) => kind))].sort()
}

async function failure(call: () => Promise<unknown>): Promise<StoreError> {
  try {
    await call()
  } catch (error) {
    if (StoreError.is(error)) return error
    throw error
  }
  throw new Error("expected a StoreError")
}
