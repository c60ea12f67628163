import {
  type EngineContext,
  type EngineListener,
  openStoreOn,
  Packed,
  type StampedBatch,
} from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { expect, it } from "vitest"
import { turn } from "./turn.ts"

type Method = (...given: readonly unknown[]) => unknown

/** An engine that answers later: while it is held, as it was when it was asked, or not at all. */
function heldEngine() {
  const memory = new MemoryEngine()
  const held: (() => void)[] = []
  const state = {
    isHeld: false,
    isCut: false,
    listener: undefined as EngineListener | undefined,
  }
  const engine = new Proxy(memory, {
    get(_, name: keyof MemoryEngine) {
      const member = memory[name]
      if (typeof member !== "function") return member
      const method = member.bind(memory) as Method
      if (name === "open") {
        return (listener: EngineListener, context: EngineContext) => {
          state.listener = listener
          return memory.open(listener, context)
        }
      }
      if (name !== "row" && name !== "scan") return method
      return (...given: readonly unknown[]) => {
        const answer = method(...given)
        if (!state.isHeld) return Promise.resolve(answer)
        return new Promise((resolve, reject) =>
          held.push(() => (state.isCut ? reject(new Error("It is cut")) : resolve(answer))),
        )
      }
    },
  })
  return { engine, memory, state, held }
}

it("Z3 of two readings of a live list that overlap the newer one counts", async () => {
  const { engine, state, held } = heldEngine()
  const store = await openStoreOn(engine)
  await store.set("u", "a", 1)
  state.isHeld = true
  const list = store.liveList("u")
  list.subscribe(() => {})
  state.listener?.advance({ to: 1, changes: [], settled: [], epoch: "e", reset: "unknown" })
  const [first, second] = held.splice(0)
  state.isHeld = false
  first?.()
  await turn()
  expect(list.status).toBe("loading")
  await store.set("u", "b", 2)
  second?.()
  await list.ready
  expect(list.get().map(({ key }) => key)).toEqual(["a", "b"])
  await store.close()
})

it("Z3 a row on its way is not read again because others change, and is shown as it became meanwhile", async () => {
  const { engine, state, held } = heldEngine()
  const store = await openStoreOn(engine)
  await store.setMany("u", { a: 1, b: 1 })
  await store.set("u", "c", 1)
  state.isHeld = true
  const [a, b] = [store.get("u", "a"), store.get("u", "b")]
  await turn()
  const row = (key: string, value: number) => ({ kind: "u", key, value, previous: 1, version: 2 })
  const change = { type: "update", at: 1, cause: "set", origin: "o" } as const
  for (const [seq, key] of [
    [4, "c"],
    [5, "b"],
  ] as const) {
    const changes = [{ ...change, ...row(key, seq), seq, batch: seq }]
    state.listener?.advance({ to: seq, changes, settled: [] })
  }
  expect(held).toHaveLength(2)
  for (const answer of held.splice(0)) answer()
  expect([await a, await b]).toEqual([1, 5])
  expect(held).toEqual([])
  state.isHeld = false
  await store.close()
})

it("Z3 a live list taken up again while its first reading lasts misses nothing", async () => {
  const clock = new TestClock()
  const { engine, state, held } = heldEngine()
  const store = await openStoreOn(engine, { clock })
  state.isHeld = true
  const list = store.liveList("u")
  list.get()
  await clock.pass(5_000) // Its grace ends.
  list.subscribe(() => {})
  const [first, second] = held.splice(0)
  first?.()
  await turn()
  state.isHeld = false
  await store.set("u", "a", 1)
  second?.()
  await list.ready
  expect(list.get().map(({ key }) => key)).toEqual(["a"])
  await store.close()
})

it("Z14 a reading under way is of no use when another sequence takes the place, at the same head", async () => {
  const { engine, memory, state, held } = heldEngine()
  const row = (value: string) => ({ kind: "u", key: "a", value, version: 1, seq: 1, updatedAt: 1 })
  const fill = (epoch: string, value: string) =>
    memory.ingest({ epoch, to: 1, changes: [], reset: { rows: [row(value)] } })
  fill("old", "old")
  const store = await openStoreOn(engine)
  state.isHeld = true
  const live = store.live("u", "a")
  live.subscribe(() => {})
  fill("new", "new")
  state.listener?.advance({ to: 1, changes: [], settled: [], epoch: "new", reset: "unknown" })
  state.isHeld = false
  for (const release of held.splice(0)) release()
  await live.ready
  expect([live.get(), store.peek("u", "a"), await store.get("u", "a")]).toEqual([
    "new",
    "new",
    "new",
  ])
  await store.close()
})

/** Tells that the entry a has changed. */
function tellOf(listener: EngineListener | undefined, value: unknown): void {
  const row = { kind: "u", key: "a", value, version: 2, seq: 2, at: 1 }
  const changes = [{ ...row, type: "update", cause: "set", origin: "o", batch: 2 }] as const
  listener?.advance({ to: 2, changes, settled: [] })
}

it("Z3 a live value that became unreadable while it was read for the first time says so, then too", async () => {
  const { engine, state, held } = heldEngine()
  const reported: unknown[] = []
  const store = await openStoreOn(engine, { onError: (error) => reported.push(error) })
  await store.set("u", "b", 1)
  state.isHeld = true
  const live = store.live("u", "a")
  live.subscribe(() => {})
  tellOf(state.listener, new Packed("nobody", 1, "?"))
  expect([live.status, live.error]).toEqual([
    "failed",
    expect.objectContaining({ code: "unsupported" }),
  ])
  const ready = expect(live.ready).rejects.toMatchObject({ code: "unsupported" })
  for (const answer of held.splice(0)) answer()
  await ready
  expect([live.status, live.error]).toEqual([
    "failed",
    expect.objectContaining({ code: "unsupported" }),
  ])
  expect(reported).toEqual([live.error])
  state.isHeld = false
  tellOf(state.listener, 3)
  expect([live.status, live.get()]).toEqual(["ready", 3])
  await store.close()
})

it("Z3 a live value that was told while its first reading was under way needs no reading", async () => {
  const { engine, state, held } = heldEngine()
  const store = await openStoreOn(engine)
  state.isHeld = true
  const live = store.live("u", "a")
  live.subscribe(() => {})
  tellOf(state.listener, 3)
  state.isCut = true
  for (const answer of held.splice(0)) answer()
  await live.ready
  expect([live.status, live.get()]).toEqual(["ready", 3])
  await store.close()
})

it("Z3 a reading that fails is reported once, also where another one took its place", async () => {
  const { engine, state, held } = heldEngine()
  const reported: unknown[] = []
  const store = await openStoreOn(engine, { onError: (error) => reported.push(error) })
  state.isHeld = true
  const live = store.live("u", "a")
  live.subscribe(() => {})
  const { ready } = live
  state.listener?.advance({ to: 1, changes: [], settled: [], epoch: "e", reset: "unknown" })
  await turn()
  state.isCut = true
  while (held.length > 0) {
    for (const answer of held.splice(0)) answer()
    await turn()
  }
  await expect(ready).rejects.toThrow("It is cut")
  await expect(live.ready).rejects.toThrow("It is cut")
  expect([live.status, reported]).toEqual(["failed", [live.error]])
  await store.close()
})

it("Z3 a live list whose reading has failed reads again when it runs short, and is well then", async () => {
  const { engine, state, held } = heldEngine()
  const store = await openStoreOn(engine, { onError() {} })
  const keys = Array.from({ length: 100 }, (_, n) => `k${n + 100}`)
  await store.setMany("u", Object.fromEntries(keys.map((key) => [key, 1])))
  const list = store.liveList("u", { limit: 2 })
  list.subscribe(() => {})
  await list.ready
  state.isHeld = true
  const to = store.position
  state.listener?.advance({ to, changes: [], settled: [], epoch: "e", reset: "unknown" })
  state.isCut = true
  for (const answer of held.splice(0)) answer()
  await expect(list.ready).rejects.toThrow("It is cut")
  state.isHeld = false
  await store.commit({ ops: keys.slice(0, 90).map((key) => ({ type: "delete", kind: "u", key })) })
  await list.ready
  expect([list.status, list.get().map(({ key }) => key)]).toEqual(["ready", ["k190", "k191"]])
  await store.close()
})

it("Z3 a list whose entry is no more its own write, and cannot be read by itself, is read again", async () => {
  const { engine, memory, state } = heldEngine()
  const written: number[] = []
  const failing = new Proxy(engine, {
    get(target, name: keyof MemoryEngine) {
      if (name === "row") return () => Promise.reject(new Error("no way to it"))
      if (name !== "commit") return target[name]
      return (batches: readonly StampedBatch[]) => {
        written.push(...batches.map(({ id }) => id))
        return new Promise(() => {})
      }
    },
  })
  const store = await openStoreOn(failing)
  const list = store.liveList("u")
  list.subscribe(() => {})
  await list.ready
  store.set("u", "a", 1).catch(() => {})
  await turn()
  expect(list.get()).toHaveLength(1)
  state.listener?.advance({ to: 1, changes: [], settled: written })
  await turn()
  expect(memory.scan("u", { limit: 1 })).toEqual([])
  expect([list.status, list.get()]).toEqual(["ready", []])
})

it("Z14 a write of an earlier run is laid over the first state at once, though it was looked for before", async () => {
  const { engine, memory, state } = heldEngine()
  let isThere = false
  const replica = new Proxy(engine, {
    get(target, name: keyof MemoryEngine) {
      if (name !== "row") return target[name]
      return (kind: string, key: string) =>
        isThere ? memory.row(kind, key) : Promise.resolve(undefined)
    },
  })
  const store = await openStoreOn(replica)
  const remove = { type: "delete", kind: "u", key: "a" } as const
  state.listener?.pending([{ id: -1, at: 1, ops: [remove] }])
  expect(store.peek("u", "a")).toBeUndefined()
  memory.commit([{ id: 1, at: 1, ops: [{ type: "set", kind: "u", key: "a", value: 1 }] }])
  isThere = true
  state.listener?.advance({ to: 1, changes: [], settled: [], epoch: "e", reset: true })
  await turn()
  expect(store.peek("u", "a")).toBeUndefined()
  expect(store.status.get().pending).toBe(1)
})
