import type { Change } from "../change.ts"
import { host } from "../host.ts"
import type { Store } from "../store.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same, until } from "./claim.ts"

/** What slow readers, whole batches and handlers that do things must show: Z5, Z6, G8. */
export const keepingUpCases: readonly ContractCase[] = [
  contractCase(
    "Z6 the handlers of one batch run without foreign code in between, however large it is",
    async (store) => {
      const start = store.position
      const logs: (number | "foreign")[][] = [[], []]
      const follow = (from: number | "now", log: (number | "foreign")[]) =>
        store.watch("u", { from, buffer: 4 }).subscribe(({ batch }) => {
          log.push(batch)
          host.queueMicrotask(() => log.push("foreign"))
        })
      follow("now", logs[0] ?? [])
      const sizes = [1, 3, 300, 2, 5, 1, 40]
      for (const [n, size] of sizes.entries()) await store.setMany("u", numbered(size, n))
      follow(start, logs[1] ?? []) // This one is behind.
      for (const log of logs) {
        await until(() => log.filter((one) => one !== "foreign").length === 352)
        const batches = [...new Set(log)].filter((one) => one !== "foreign")
        same(batches.length, sizes.length)
        for (const [n, batch] of batches.entries()) {
          const together = log.slice(log.indexOf(batch), log.lastIndexOf(batch) + 1)
          same(
            together,
            Array.from({ length: sizes[n] ?? 0 }, () => batch),
          )
        }
      }
    },
  ),
  contractCase(
    "Z5 a watch behind a log that was let go of ends with position_too_old",
    async (store) => {
      const start = await forgetful(store)
      const loop = store.watch("u", { from: start })[Symbol.asyncIterator]()
      const error = await refuses("position_too_old", () => loop.next())
      holds(error.hint !== undefined, "it says what to do")
      const codes: string[] = []
      store.watch("u", { from: start }).subscribe({ error: ({ code }) => codes.push(code) })
      await until(() => codes.length === 1)
      same(codes, ["position_too_old"])
    },
  ),
  contractCase(
    "Z5 a watch that asks for it goes on with the newest state of all that changed since, deletes too",
    async (store) => {
      const start = await forgetful(store)
      const seen: unknown[] = []
      const told = ({ type, key, value, replay }: Change) => seen.push([type, key, value, replay])
      store.watch("u", { from: start, onGap: "replay" }).subscribe({
        next: told,
        reset: () => seen.push("reset"),
      })
      await until(() => seen.length === 3)
      await store.set("u", "d", 1)
      await until(() => seen.length === 4)
      same(seen, [
        ["create", "b", 20, true],
        ["delete", "c", 1, true],
        ["create", "a", 20, true],
        ["create", "d", 1, undefined],
      ])
      const looped: unknown[] = []
      for await (const { key } of store.watch("u", { from: start, onGap: "replay" })) {
        looped.push(key)
        if (key === "d") break
      }
      same(looped, ["b", "c", "a", "d"])
      const deletes: unknown[] = []
      const watch = store.watch("u", { from: start, onGap: "replay", types: ["delete"] })
      watch.subscribe(({ key }) => deletes.push(key))
      await watch.synced
      same(deletes, ["c"])
    },
  ),
  contractCase(
    "Z5 where deletes are forgotten too, it begins anew with all there is, and says so",
    async (store) => {
      await store.set("u", "kept", 1)
      const start = await forgetful(store)
      await store.prune({ changes: 0, versions: 0, tombstones: 0 })
      const seen: unknown[] = []
      store.watch("u", { from: start, onGap: "replay" }).subscribe({
        next: ({ type, key, replay }) => seen.push([type, key, replay]),
        reset: () => seen.push("reset"),
      })
      await until(() => seen.length >= 4)
      same(seen, ["reset", ...["a", "b", "kept"].map((key) => ["create", key, true])])
    },
  ),
  contractCase("G8 a write inside a handler is told after what is at hand, once", async (store) => {
    const seen: string[] = []
    store.watch("u").subscribe(({ key, value }) => {
      seen.push(`first ${key}`)
      if (key === "a") void store.set("u", "c", 1)
      if (key === "c" && value === 1) void store.set("u", "c", 2)
    })
    store.watch("u").subscribe(({ key }) => seen.push(`second ${key}`))
    await store.setMany("u", { a: 1, b: 1 })
    await until(() => seen.length === 8)
    for (const reader of ["first", "second"]) {
      same(
        seen.filter((one) => one.startsWith(reader)),
        ["a", "b", "c", "c"].map((key) => `${reader} ${key}`),
      )
    }
  }),
  contractCase(
    "G8 a handler may end itself and others, who hear nothing more, and begin new ones",
    async (store) => {
      const seen: string[] = []
      const others = ["x", "y"].map((name) =>
        store.watch("u").subscribe(({ key }) => seen.push(`${name} ${key}`)),
      )
      const ender = store.watch("u").subscribe(({ key }) => {
        seen.push(`ender ${key}`)
        for (const other of others) other.unsubscribe()
        ender.unsubscribe()
        store.watch("u").subscribe((change) => seen.push(`new ${change.key}`))
      })
      await store.setMany("u", { a: 1, b: 1 })
      await until(() => seen.includes("ender a"))
      await store.set("u", "c", 1)
      await until(() => seen.includes("new c"))
      same(
        seen.filter((one) => one.startsWith("ender") || one.startsWith("new")),
        ["ender a", "new c"],
      )
      holds(!seen.includes("x c") && !seen.includes("y c"), "those that were ended hear no more")
      same(
        [...others, ender].map(({ closed }) => closed),
        [true, true, true],
      )
    },
  ),
  contractCase("G8 a handler may close the store", async (_, open) => {
    const store = await open()
    const seen: string[] = []
    let closed: Promise<void> | undefined
    store.watch("u").subscribe({
      next: ({ key }) => {
        seen.push(key)
        closed ??= store.close()
      },
      complete: () => seen.push("complete"),
    })
    await store.setMany("u", { a: 1, b: 1 })
    await until(() => closed !== undefined)
    await closed
    same(seen, ["a", "b", "complete"])
  }),
  contractCase(
    "Z6 close tells a subscriber everything that was committed, however far behind it is",
    async (_, open) => {
      const store = await open()
      let count = 0
      let completed = false
      store.watch("u", { from: 0, buffer: 100 }).subscribe({
        next: () => count++,
        complete: () => {
          completed = true
        },
      })
      const written = [0, 1].map((n) => store.setMany("u", numbered(4_200, n)))
      await store.close()
      await Promise.all(written)
      same([count, completed], [8_400, true])
    },
  ),
]

function numbered(size: number, value: number): [string, number][] {
  return Array.from({ length: size }, (_, n) => [`k${n}`, value])
}

/** Changes entries and lets go of the changes; gives the position before the newest of them. */
async function forgetful(store: Store): Promise<number> {
  await store.setMany("u", { a: 0, b: 0, c: 1 })
  const { position } = store
  for (let n = 1; n <= 20; n++) await store.set("u", "a", n)
  for (let n = 1; n <= 20; n++) await store.set("u", "b", n)
  await store.delete("u", "c")
  await store.set("u", "a", 0)
  await store.set("u", "a", 20)
  // More than a store has in memory anyway.
  await store.setMany("v", numbered(4_200, 1))
  await store.prune({ changes: 0, versions: 0 })
  return position
}
