import { join } from "node:path"
import type { Store } from "@tidemark/core"
import { openStore as openFile } from "@tidemark/core/better-sqlite3"
import { openStoreAtOnce } from "@tidemark/core/engine"
import { openStore as openMemory } from "@tidemark/core/memory"
import fc from "fast-check"
import { describe, expect, it, vi } from "vitest"
import { CountingEngine } from "./counting-engine.ts"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
let files = 0

const engines: Record<string, () => Store> = {
  memory: () => openMemory(),
  SQLite: () => openFile({ path: ":memory:" }),
}

describe.each(Object.entries(engines))("scopes on %s", (_, open) => {
  it("G6 the dump of a store has its scopes, and each goes back to its place", async () => {
    const store = open()
    await store.set("u", "a", 1)
    await store.scope("s").set("u", "a", 2)
    await store.scope("s").scope("inner").set("u", "a", 3)
    const copy = open()
    await copy.load(store.dump())
    const inside = copy.scope("s")
    expect([await copy.get("u", "a"), await inside.get("u", "a")]).toEqual([1, 2])
    expect(await inside.scope("inner").get("u", "a")).toBe(3)
    await copy.scope("t").load(store.scope("s").dump())
    expect(await copy.scope("t").list("u")).toMatchObject([{ kind: "u", key: "a", value: 2 }])
    await expect(copy.scope("v").load(store.dump())).rejects.toMatchObject({ code: "invalid_key" })
    await Promise.all([store.close(), copy.close()])
  })

  it("G6 whatever the names are, each entry is in its scope and in no other", async () => {
    const name = fc.oneof(
      fc.constantFrom("a", "b", "a/b", "a:b", "%", "a%2Fb", "tidemark:scope/a", "tidemark:"),
      fc.string({ minLength: 1, unit: "grapheme" }),
    )
    // Kinds that begin so belong to Tidemark, or to scopes.
    const kind = name.filter((text) => !text.startsWith("tidemark:") && text !== "*")
    const place = fc.tuple(fc.array(name, { maxLength: 3 }), kind, fc.constantFrom("", "k", "a:b"))
    await fc.assert(
      fc.asyncProperty(fc.array(place, { minLength: 1, maxLength: 8 }), async (places) => {
        const store = open()
        const entries = new Map<string, Map<string, number>>()
        for (const [at, [path, kind, key]] of places.entries()) {
          await scopeAt(store, path).set(kind, key, at)
          const own = entries.get(JSON.stringify(path)) ?? new Map<string, number>()
          entries.set(JSON.stringify(path), own.set(JSON.stringify([kind, key]), at))
        }
        for (const [path, own] of entries) {
          const scope = scopeAt(store, JSON.parse(path))
          const found = (await scope.snapshot()).entries.map(
            (entry) => [JSON.stringify([entry.kind, entry.key]), entry.value] as const,
          )
          expect(new Map(found)).toEqual(own)
          const kinds = [...own.keys()].map((text) => (JSON.parse(text) as string[])[0])
          expect(new Set(await scope.kinds())).toEqual(new Set(kinds))
        }
        await store.close()
      }),
      { numRuns: 50 },
    )
  })
})

it("G6 who asks for everything outside reads nothing of the scopes", async () => {
  const engine = new CountingEngine()
  const store = openStoreAtOnce(engine)
  await store.set("u", "a", 1)
  for (let n = 0; n < 20; n++) await store.scope(`s${n}`).set("u", "a", n)
  engine.pages.length = 0
  await store.snapshot()
  expect(engine.pages).toHaveLength(1)
  const watch = store.watch("*", { from: "current" })
  watch.subscribe(() => {})
  await watch.synced
  expect(engine.pages).toHaveLength(2)
  await store.scope("s1").snapshot()
  expect(engine.pages).toHaveLength(3)
  await store.close()
})

it("G6 a scope hears what another process writes to it, by the names inside", async () => {
  const path = join(folder, `${++files}.db`)
  const [mine, theirs] = [openFile({ path }), openFile({ path })]
  const scope = mine.scope("s")
  const told: unknown[] = []
  scope.watch("*").subscribe(({ kind, key, value }) => told.push([kind, key, value]))
  const list = scope.liveList("u")
  list.subscribe(() => {})
  await theirs.scope("t").set("u", "a", 0)
  await theirs.scope("s").set("u", "a", 1)
  await vi.waitFor(() => expect(told).toEqual([["u", "a", 1]]))
  expect(list.get()).toMatchObject([{ kind: "u", value: 1 }])
  await Promise.all([mine.close(), theirs.close()])
})

it("G7 a quota holds whoever races on one file, because it is checked in the write's transaction", async () => {
  const path = join(folder, `${++files}.db`)
  const stores = [openFile({ path }), openFile({ path }), openFile({ path })]
  const writes = Array.from({ length: 60 }, (_, n) =>
    stores[n % 3]?.scope("s", { keys: 10 }).set("u", `k${n}`, n),
  )
  const settled = await Promise.allSettled(writes)
  expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(10)
  expect(await stores[0]?.scope("s").usage()).toMatchObject({ keys: 10, kinds: 1 })
  expect(await stores[1]?.scope("s").count("u")).toBe(10)
  await Promise.all(stores.map((store) => store.close()))
})

it("G7 what a scope takes is known after the file was closed", async () => {
  const path = join(folder, `${++files}.db`)
  const first = openFile({ path })
  await first.scope("s").setMany("u", { a: 1, b: 22 })
  await first.close()
  const second = openFile({ path })
  expect(await second.scope("s").usage()).toEqual({ keys: 2, kinds: 1, bytes: 5 })
  await expect(second.scope("s", { keys: 2 }).set("u", "c", 1)).rejects.toMatchObject({
    code: "quota_exceeded",
    message:
      'The scope "s" may hold 2 keys; it has 2 and would have 3. Nothing was written; delete something first, or open the scope with a larger quota',
  })
  await second.close()
})

function scopeAt(store: Store, path: readonly string[]): Store {
  return path.reduce((outer, namespace) => outer.scope(namespace), store)
}
