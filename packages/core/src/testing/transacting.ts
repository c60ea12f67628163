import type { Change } from "../change.ts"
import { host } from "../host.ts"
import type { Store } from "../store.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same, until } from "./claim.ts"

/** What transactions must show: G9. */
export const transactingCases: readonly ContractCase[] = [
  contractCase(
    "G9 reads in a transaction see its own writes, and others do not until it commits",
    async (store) => {
      await store.setMany("u", { a: 1, b: 2 })
      await store.transaction(async (tx) => {
        await tx.set("u", "a", 10)
        await tx.set("u", "c", 3)
        same(await tx.delete("u", "b"), true)
        same(await tx.delete("u", "zzz"), false)
        await tx.update("u", "c", (value) => (value as number) + 1)
        same(
          [await tx.get("u", "a"), await tx.get("u", "b"), await tx.get("u", "c")],
          [10, undefined, 4],
        )
        same(
          (await tx.list("u")).map(({ key }) => key),
          ["a", "c"],
        )
        same((await tx.entry("u", "a"))?.version, 2)
        same(await store.keys("u"), ["a", "b"])
      })
      same(await store.keys("u"), ["a", "c"])
    },
  ),
  contractCase(
    "G9 its changes come after the commit, in operation order, as one batch",
    async (store) => {
      const seen: Change[] = []
      store.watch("*").subscribe((change) => seen.push(change))
      await store.set("v", "z", 1)
      await until(() => seen.length === 1)
      const result = await store.transaction(async (tx) => {
        await tx.set("v", "b", 1)
        await tx.set("u", "a", 1)
        await tx.delete("v", "z")
        same(seen.length, 1)
        return "done"
      })
      same(result, "done")
      await until(() => seen.length === 4)
      const { batch } = seen[1] as Change
      same(
        seen.slice(1).map((change) => [change.type, change.kind, change.key, change.batch]),
        [
          ["create", "v", "b", batch],
          ["create", "u", "a", batch],
          ["delete", "v", "z", batch],
        ],
      )
    },
  ),
  contractCase(
    "G9 an update by what a refused write would have made is made again by what is there",
    async (store) => {
      await store.set("u", "a", ["first"])
      await store.set("v", "b", 1)
      const { refused, gate } = refusedLater(store)
      const seen: unknown[] = []
      const update = store.update("u", "a", async (value) => {
        seen.push(value)
        if (seen.length === 1) await gate.promise
        return [...(value as string[]), "last"]
      })
      await refused
      await store.set("u", "a", ["theirs"]) // It has the version that the refused one would have had.
      gate.resolve()
      await update
      same(seen, [["refused"], ["theirs"]])
      same(await store.get("u", "a"), ["theirs", "last"])
    },
  ),
  contractCase(
    "G9 a transaction that has read or listed what a refused write would have made runs again",
    async (store) => {
      await store.set("u", "a", ["first"])
      await store.set("v", "b", 1)
      const { refused, gate } = refusedLater(store)
      const listing = store.transaction(async (tx) => {
        const list = await tx.list("u")
        await gate.promise
        await tx.set(
          "sums",
          "listed",
          list.flatMap(({ value }) => value as string[]),
        )
      })
      const reading = store.transaction(async (tx) => {
        const value = await tx.get("u", "a")
        await gate.promise
        await tx.set("sums", "read", value)
      })
      await refused
      gate.resolve()
      await Promise.all([listing, reading])
      same(await store.get("sums", "listed"), ["first"])
      same(await store.get("sums", "read"), ["first"])
    },
  ),
  contractCase(
    "G9 an update by what a withdrawn write would have made is made again by what is there",
    async (store) => {
      await store.set("u", "a", ["first"])
      const ends = new host.AbortController()
      const { signal } = ends
      const withdrawn = refuses("aborted", () => store.set("u", "a", ["withdrawn"], { signal }))
      const gate = Promise.withResolvers<void>()
      const update = store.update("u", "a", async (value) => {
        await gate.promise
        return [...(value as string[]), "last"]
      })
      ends.abort()
      await withdrawn
      await store.set("u", "a", ["theirs"])
      gate.resolve()
      await update
      same(await store.get("u", "a"), ["theirs", "last"])
    },
  ),
  contractCase("G9 a throw leaves no data and emits nothing", async (store) => {
    const seen: unknown[] = []
    store.watch("*").subscribe((change) => seen.push(change.key))
    const mistake = new Error("mine")
    const caught = await store
      .transaction(async (tx) => {
        await tx.set("u", "a", 1)
        throw mistake
      })
      .catch((error: unknown) => error)
    holds(caught === mistake, "the error reaches the caller")
    await store.set("u", "b", 1)
    await until(() => seen.length > 0)
    same(seen, ["b"])
    same(await store.keys("u"), ["b"])
  }),
  contractCase("G9 a transaction runs again when what it read has changed", async (store) => {
    await store.setMany("u", { from: 100, to: 0 })
    let runs = 0
    await store.transaction(async (tx) => {
      runs++
      const from = (await tx.get("u", "from")) as number
      if (runs === 1) await store.set("u", "from", 50)
      await tx.set("u", "from", from - 10)
      await tx.set("u", "to", 10)
    })
    same([runs, await store.get("u", "from"), await store.get("u", "to")], [2, 40, 10])
  }),
  contractCase(
    "G9 a list in a transaction is a read too: a new entry makes it run again",
    async (store) => {
      let runs = 0
      await store.transaction(async (tx) => {
        runs++
        const { length } = await tx.list("u")
        if (runs === 1) await store.set("u", "phantom", 1)
        await tx.set("total", "u", length)
      })
      same([runs, await store.get("total", "u")], [2, 1])
    },
  ),
  contractCase("G9 a finished transaction refuses use", async (store) => {
    const late = await store.transaction(async (tx) => tx)
    await refuses("closed", () => late.get("u", "a"))
    await refuses("closed", () => late.set("u", "a", 1))
    await refuses("closed", () => late.delete("u", "a"))
    same(await store.count("u"), 0)
  }),
  contractCase("G9 an expectation that fails inside reaches the caller at once", async (store) => {
    await store.set("u", "a", 1)
    let runs = 0
    await refuses("conflict", () =>
      store.transaction(async (tx) => {
        runs++
        await tx.set("u", "b", 1)
        await tx.set("u", "a", 2, { ifVersion: 7 })
      }),
    )
    same([runs, await store.keys("u")], [1, ["a"]])
  }),
]

/** A write that is shown now and refused later, and what is opened once it is. */
function refusedLater(store: Store) {
  // What it expects is known where it is decided, not where it is shown.
  const expect = [{ kind: "v", unchangedSince: 0 }]
  const ops = [{ type: "set" as const, kind: "u", key: "a", value: ["refused"] }]
  const refused = refuses("conflict", () => store.commit({ ops, expect }))
  same(store.peek("u", "a"), ["refused"])
  return { refused, gate: Promise.withResolvers<void>() }
}
