import type { Live } from "@tidemark/core"
import { type Engine, openStoreAtOnce } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import fc from "fast-check"
import { expect, it } from "vitest"
import { CountingEngine } from "./counting-engine.ts"

it("Z2 a write that nobody looks at costs no read", async () => {
  const engine = new CountingEngine()
  const store = openStoreAtOnce(engine)
  await Promise.all([store.set("u", "a", 1), store.set("u", "b", 1), store.delete("u", "a")])
  await store.setMany("u", { a: 2, b: 2 })
  expect(engine.reads).toBe(0)
  await store.close()
})

it("Z2 pending writes show to whoever looks, however late, and in their order", async () => {
  const engine = new CountingEngine()
  const store = openStoreAtOnce(engine)
  await store.set("u", "a", 1)
  const written = [store.set("u", "a", 2), store.delete("u", "a"), store.set("u", "a", 3)]
  const other = store.set("u", "b", 1)
  expect(store.peek("u", "a")).toBe(3)
  const live = store.liveList("u")
  expect(live.get().map(({ key, value, pending }) => [key, value, pending])).toEqual([
    ["a", 3, true],
    ["b", 1, true],
  ])
  const last = store.set("u", "c", 1)
  expect(live.get().map(({ key }) => key)).toEqual(["a", "b", "c"])
  expect(await store.entry("u", "a")).toMatchObject({ value: 3, version: 4, seq: 1 })
  await Promise.all([...written, other, last])
  expect(live.get().map(({ key, pending, seq }) => [key, pending, seq])).toEqual([
    ["a", undefined, 4],
    ["b", undefined, 5],
    ["c", undefined, 6],
  ])
  await store.close()
})

it("Z2 a write that is taken back before anybody looked leaves nothing to see", async () => {
  const store = openStoreAtOnce(new CountingEngine())
  await store.set("u", "a", 1)
  const controller = new AbortController()
  const withdrawn = store.set("u", "a", 2, { signal: controller.signal })
  const kept = store.set("u", "b", 2)
  controller.abort()
  expect([store.peek("u", "a"), store.peek("u", "b")]).toEqual([1, 2])
  await expect(withdrawn).rejects.toMatchObject({ code: "aborted" })
  await kept
  expect(await store.keys("u")).toEqual(["a", "b"])
  await store.close()
})

const key = fc.constantFrom("a", "b", "c")
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("set" as const), key, value: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("delete" as const), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("look" as const), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("follow" as const), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("settle" as const), key }) },
)

it("Z2 whoever looks or follows, at any moment, sees every write so far", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const store = openStoreAtOnce(new MemoryEngine())
      const model = new Map<string, unknown>()
      const lives = new Map<string, Live<unknown>>()
      let last: Promise<unknown> = Promise.resolve()
      for (const one of steps) {
        if (one.do === "set") {
          last = store.set("u", one.key, one.value)
          model.set(one.key, one.value)
        } else if (one.do === "delete") {
          last = store.delete("u", one.key)
          model.delete(one.key)
        } else if (one.do === "look") {
          expect(store.peek("u", one.key)).toBe(model.get(one.key))
        } else if (one.do === "follow") {
          const live = store.live("u", one.key)
          live.subscribe(() => {})
          lives.set(one.key, live)
        } else {
          await last
        }
        for (const [followed, live] of lives) expect(live.get()).toBe(model.get(followed))
      }
      await last
      for (const [followed, live] of lives) expect(live.get()).toBe(model.get(followed))
      expect(await store.keys("u")).toEqual([...model.keys()].sort())
      await store.close()
    }),
  )
})

it("Z3 a read that a newer base overtakes shows the newer state", async () => {
  const memory = new MemoryEngine()
  let letGo = () => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  let reads = 0
  // The first read of a row is answered late, with what was there when it was asked.
  const slow = new Proxy<Engine>(memory, {
    get(target, name: keyof Engine) {
      const member = target[name]
      if (typeof member !== "function") return member
      if (name !== "row" || reads++ > 0) return member.bind(target)
      return (kind: string, key: string) => {
        const row = memory.row(kind, key)
        return held.then(() => row)
      }
    },
  })
  const store = openStoreAtOnce(slow)
  memory.commit([{ id: -1, at: 1, ops: [{ type: "set", kind: "u", key: "a", value: "old" }] }])
  const live = store.live("u", "a")
  live.subscribe(() => {})
  memory.commit([{ id: -2, at: 1, ops: [{ type: "set", kind: "u", key: "a", value: "new" }] }])
  letGo()
  await live.ready
  expect([live.get(), await store.get("u", "a")]).toEqual(["new", "new"])
  await store.close()
})
