import type { Change } from "../change.ts"
import { host } from "../host.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same, until } from "./claim.ts"

/** What watching must show: Z3, Z4, Z6. */
export const watchingCases: readonly ContractCase[] = [
  contractCase("Z3 replays the snapshot before any live change", async (store) => {
    await store.setMany("u", { a: 1, b: 2 })
    await store.set("other", "x", 1)
    const seen: Change[] = []
    const watch = store.watch("u", { from: "current" })
    watch.subscribe((change) => seen.push(change))
    await store.set("u", "c", 3)
    await watch.synced
    await until(() => seen.length === 3)
    same(
      seen.map(({ type, key, replay }) => [type, key, replay ?? false]),
      [
        ["create", "a", true],
        ["create", "b", true],
        ["create", "c", false],
      ],
    )
  }),
  contractCase(
    "Z3 the replay is atomic with the subscription: nothing twice, nothing missing",
    async (store) => {
      const seen: string[] = []
      const writes: Promise<unknown>[] = []
      for (let n = 0; n < 20; n++) writes.push(store.set("u", `k${n}`, n))
      store.watch("u", { from: "current" }).subscribe((change) => seen.push(change.key))
      for (let n = 20; n < 40; n++) writes.push(store.set("u", `k${n}`, n))
      await Promise.all(writes)
      await until(() => seen.length >= 40)
      await store.set("u", "last", 1)
      await until(() => seen.includes("last"))
      same(seen.length, 41)
      same(new Set(seen).size, 41)
    },
  ),
  contractCase("Z3 a watch from a position tells what came after it", async (store) => {
    const first = await store.set("u", "a", 1)
    const second = await store.set("u", "b", 1)
    const third = await store.set("u", "a", 2)
    const seen: number[] = []
    const watch = store.watch("u", { from: first.seq })
    watch.subscribe((change) => seen.push(change.seq))
    await watch.synced
    const fourth = await store.set("u", "c", 1)
    await until(() => seen.length === 3)
    same(seen, [second.seq, third.seq, fourth.seq])
  }),
  contractCase("Z4 filters by type, and a delete carries the previous value", async (store) => {
    const seen: unknown[] = []
    store.watch("u", { types: ["delete"] }).subscribe(({ type, value }) => seen.push([type, value]))
    await store.set("u", "a", { n: 1 })
    await store.set("u", "a", { n: 2 })
    await store.delete("u", "a")
    await until(() => seen.length === 1)
    same(seen, [["delete", { n: 2 }]])
  }),
  contractCase("Z4 an update carries the value before it", async (store) => {
    await store.set("u", "a", { n: 1 })
    const seen: Change[] = []
    store.watch(["u", "a"]).subscribe((change) => seen.push(change))
    await store.set("u", "a", { n: 2 })
    await until(() => seen.length === 1)
    same([seen[0]?.value, seen[0]?.previous], [{ n: 2 }, { n: 1 }])
  }),
  contractCase("Z4 watches a key, a prefix, several targets, or everything", async (store) => {
    const seen: Record<string, string[]> = { key: [], prefix: [], any: [], all: [] }
    const into = (name: string) => (change: Change) =>
      void seen[name]?.push(`${change.kind}/${change.key}`)
    store.watch(["u", "a"]).subscribe(into("key"))
    store.watch({ kind: "u", prefix: "a" }).subscribe(into("prefix"))
    store.watch({ anyOf: [["u", "b"], "v"] }).subscribe(into("any"))
    store.watch("*").subscribe(into("all"))
    await store.setMany("u", { a: 1, ab: 1, b: 1 })
    await store.set("v", "a", 1)
    await store.set("v", "b", 1)
    await until(() => seen.all?.length === 5)
    same(seen, {
      key: ["u/a"],
      prefix: ["u/a", "u/ab"],
      any: ["u/b", "v/a", "v/b"],
      all: ["u/a", "u/ab", "u/b", "v/a", "v/b"],
    })
    await refuses("invalid_key", () => store.watch(""))
  }),
  contractCase(
    "Z4 a store's own kinds are hidden from a watch of everything, but can be watched by name",
    async (store) => {
      const [all, own]: [string[], string[]] = [[], []]
      store.watch("*").subscribe(({ kind }) => all.push(kind))
      store.watch("tidemark:own").subscribe(({ kind }) => own.push(kind))
      await store.set("tidemark:own", "a", 1)
      await store.set("u", "a", 1)
      await until(() => all.length > 0)
      same([all, own, await store.kinds()], [["u"], ["tidemark:own"], ["u"]])
    },
  ),
  contractCase(
    "Z4 watchers are independent, and a handler that throws harms nobody",
    async (_, open) => {
      const reported: unknown[] = []
      const store = await open({ onError: (error) => reported.push(error) })
      const seen: string[] = []
      store.watch("u").subscribe(() => {
        throw new Error("handler")
      })
      store.watch("u").subscribe(({ key }) => seen.push(key))
      await store.set("u", "a", 1)
      await store.set("u", "b", 1)
      await until(() => seen.length === 2 && reported.length === 2)
      same(seen, ["a", "b"])
      await store.close()
    },
  ),
  contractCase("Z4 a handler may write, subscribe and unsubscribe", async (store) => {
    const seen: string[] = []
    const subscription = store.watch("u").subscribe(({ key }) => {
      seen.push(key)
      if (key === "a") void store.set("u", "b", 1)
      if (key === "b") {
        subscription.unsubscribe()
        store.watch("u").subscribe((change) => seen.push(`2:${change.key}`))
        void store.set("u", "c", 1)
      }
    })
    await store.set("u", "a", 1)
    await until(() => seen.length === 3)
    same(seen, ["a", "b", "2:c"])
    holds(subscription.closed, "the first one has ended")
  }),
  contractCase("Z6 changes arrive in commit order, whole batches together", async (store) => {
    const seen: Change[] = []
    store.watch("*").subscribe((change) => seen.push(change))
    const writes: Promise<unknown>[] = []
    for (let n = 0; n < 50; n++) {
      writes.push(store.set("a", `k${n % 7}`, n), store.setMany("b", { x: n, y: n }))
    }
    await Promise.all(writes)
    await until(() => seen.length === 150)
    holds(
      seen.every(({ seq }, index) => index === 0 || seq > (seen[index - 1]?.seq ?? 0)),
      "seqs rise",
    )
    same(
      seen.filter(({ kind }) => kind === "a").map(({ value }) => value),
      Array.from({ length: 50 }, (_, n) => n),
    )
    for (const [index, { kind, key, batch }] of seen.entries()) {
      if (kind === "b" && key === "y") same(batch, seen[index - 1]?.batch)
    }
  }),
  contractCase(
    "Z6 the loop of an async iterator reads at its own pace and unsubscribes when left",
    async (store) => {
      await store.set("u", "a", 1)
      const seen: string[] = []
      for await (const change of store.watch("u", { from: "current", buffer: 2 })) {
        seen.push(change.key)
        if (seen.length === 1) await store.setMany("u", { b: 1, c: 1, d: 1, e: 1 })
        if (seen.length === 5) break
      }
      same(seen, ["a", "b", "c", "d", "e"])
    },
  ),
  contractCase("Z6 a slow reader gets everything from the log", async (store) => {
    const iterator = store.watch("u", { buffer: 16 })[Symbol.asyncIterator]()
    for (let n = 0; n < 40; n++)
      await store.setMany(
        "u",
        Array.from({ length: 250 }, (_, i) => [`k${i}`, n] as const),
      )
    for (let n = 0; n < 10_000; n++) {
      const { value: change } = (await iterator.next()) as { value: Change }
      same(change.value, Math.floor(n / 250))
    }
    await iterator.return?.()
  }),
  contractCase(
    "Z6 a watch ends once: silently by unsubscribe, told by its signal, by dispose, by close",
    async (store) => {
      const ends: string[] = []
      const observe = (name: string) => ({ complete: () => void ends.push(name) })
      const controller = new host.AbortController()
      const left = store.watch("u").subscribe(observe("unsubscribe"))
      left.unsubscribe()
      left.unsubscribe()
      holds(left.closed, "it has ended")
      const aborted = store.watch("u", { signal: controller.signal })
      aborted.subscribe(observe("signal"))
      controller.abort()
      controller.abort()
      const disposed = store.watch("u")
      disposed.subscribe(observe("dispose"))
      disposed[Symbol.dispose]()
      disposed[Symbol.dispose]()
      store.watch("u").subscribe(observe("close"))
      await store.close()
      await until(() => ends.length === 3)
      same(ends, ["signal", "dispose", "close"])
    },
  ),
  contractCase("Z6 close delivers what was committed, then ends loops too", async (store) => {
    const seen: string[] = []
    const loop = (async () => {
      for await (const change of store.watch("u")) seen.push(change.key)
      return "ended"
    })()
    await store.set("u", "a", 1)
    void store.set("u", "b", 1)
    await store.close()
    same(await loop, "ended")
    same(seen, ["a", "b"])
  }),
  contractCase("Z4 a watch is an interoperable observable", async (store) => {
    const watch = store.watch("u")
    holds(watch["@@observable"]() === watch, "it gives itself by the text that libraries agreed on")
    const known = Symbol as { observable?: symbol }
    const before = known.observable
    known.observable = Symbol("observable")
    try {
      const polyfilled = store.watch("u") as unknown as Record<symbol, () => unknown>
      holds(polyfilled[known.observable]?.() === polyfilled, "and by the symbol where there is one")
    } finally {
      if (before === undefined) delete known.observable
      else known.observable = before
    }
  }),
]
