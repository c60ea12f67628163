import { defineKinds, kind, type Store } from "@tidemark/core"
import { MemoryEngine, openStore } from "@tidemark/core/memory"
import { type Channel, connect, type ReplicaStorage } from "@tidemark/sync"
import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { type Way, ways } from "./replicas.ts"

type Note = Readonly<Record<string, string>>

const kinds = defineKinds({
  counters: kind<number>({ merge: (base = 0, mine, theirs) => theirs + mine - base }),
  notes: kind<Note>({
    version: 2,
    upcast: { 1: (note: Note) => note },
    merge(base = {}, mine, theirs) {
      const changed = Object.entries(mine).filter(([name, text]) => text !== base[name])
      return { ...theirs, ...Object.fromEntries(changed) }
    },
  }),
})

const inProcess = ways["the same process"] as (typeof ways)[string]

let authority: Store<typeof kinds>
let opened: { close(): Promise<void> }[]
beforeEach(() => {
  authority = openStore({ kinds })
  opened = [authority]
})
afterEach(async () => {
  for (const one of opened.reverse()) await one.close()
})

describe.each(Object.entries(ways))("Z9 kinds that merge, over %s", (_, way) => {
  it("take what two replicas have written over the same value, in what is shown too", async () => {
    const [a, b] = [await follower(way), await follower(way)]
    await authority.set("notes", "n", { title: "Tide", text: "…" })
    await authority.set("counters", "n", 10)
    for (const { store } of [a, b])
      await vi.waitFor(() => expect(store.peek("counters", "n")).toBe(10))
    for (const { gate } of [a, b]) gate.hold()
    const writes = [
      a.store.set("counters", "n", 12),
      a.store.set("counters", "n", 13),
      b.store.set("counters", "n", 15),
      a.store.set("notes", "n", { title: "Ebb", text: "…" }),
      b.store.set("notes", "n", { title: "Tide", text: "and ebb" }),
    ]
    await authority.set("counters", "n", 20)
    await vi.waitFor(() => expect(a.store.peek("counters", "n")).toBe(23))
    expect(b.store.peek("counters", "n")).toBe(25)
    for (const { gate } of [a, b]) gate.release()
    await Promise.all(writes)
    for (const store of [authority, a.store, b.store]) {
      await vi.waitFor(() => {
        expect(store.peek("counters", "n")).toBe(28)
        expect(store.peek("notes", "n")).toEqual({ title: "Ebb", text: "and ebb" })
      })
    }
  })
})

it("Z9 what an earlier run has left unsent is merged too", async () => {
  await authority.set("counters", "n", 1)
  const storage = { base: new MemoryEngine(), outbox: new MemoryEngine() }
  const before = await follower(inProcess, storage)
  await vi.waitFor(() => expect(before.store.peek("counters", "n")).toBe(1))
  before.gate.hold()
  before.store.set("counters", "n", 4).catch(() => {})
  await vi.waitFor(async () => {
    expect(await storage.outbox.kinds({ now: 0 })).toContainEqual(expect.stringContaining("items"))
  })
  await before.store.close()
  await authority.set("counters", "n", 100)
  const after = await follower(inProcess, storage)
  await vi.waitFor(() => expect(authority.peek("counters", "n")).toBe(103))
  await vi.waitFor(() => expect(after.store.peek("counters", "n")).toBe(103))
})

it("Z9 a counter that merges counts what all replicas have added, whenever they were heard", async () => {
  const steps = fc.array(
    fc.record({
      who: fc.nat({ max: 2 }),
      what: fc.oneof(fc.constant("hold"), fc.constant("release"), fc.integer({ min: -9, max: 9 })),
    }),
    { minLength: 3, maxLength: 25 },
  )
  let run = 0
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const key = `run ${++run}`
      await authority.set("counters", key, 0)
      const followers = [
        await follower(inProcess),
        await follower(inProcess),
        await follower(inProcess),
      ]
      for (const { store } of followers) {
        await vi.waitFor(() => expect(store.peek("counters", key)).toBe(0))
      }
      const writes: Promise<unknown>[] = []
      let sum = 0
      for (const { who, what } of script) {
        const { store, gate } = followers[who] as Follower
        if (what === "hold") gate.hold()
        else if (what === "release") gate.release()
        else {
          sum += what as number
          const seen = store.peek("counters", key) as number
          writes.push(store.set("counters", key, seen + (what as number)))
        }
        await Promise.resolve()
      }
      for (const { gate } of followers) gate.release()
      await Promise.all(writes)
      expect(authority.peek("counters", key)).toBe(sum)
      for (const { store } of followers) {
        await vi.waitFor(() => expect(store.peek("counters", key)).toBe(sum))
        await store.close()
      }
    }),
    { numRuns: 60 },
  )
})

/** Holds back what is sent through a channel, in order. */
interface Gate {
  hold(): void
  release(): void
}

interface Follower {
  readonly store: Store<typeof kinds>
  readonly gate: Gate
}

async function follower(
  way: (authority: Store) => Promise<Way>,
  storage?: ReplicaStorage,
): Promise<Follower> {
  const made = await way(authority as unknown as Store)
  const { channel, gate } = gated(made.channel)
  const store = connect(channel, { kinds, ...(storage === undefined ? {} : { storage }) })
  opened.push(made, store)
  await store.list("counters")
  return { store, gate }
}

function gated(channel: Channel): { channel: Channel; gate: Gate } {
  let isHeld = false
  let held: (() => void)[] = []
  const pass = (send: () => void) => {
    if (isHeld) held.push(send)
    else send()
  }
  const gate = {
    hold() {
      isHeld = true
    },
    release() {
      isHeld = false
      const waiting = held
      held = []
      for (const send of waiting) send()
    },
  }
  const open: Channel["open"] = (receiver) => {
    const link = channel.open(receiver)
    return { send: (message) => pass(() => link.send(message)), close: () => link.close() }
  }
  return { channel: { open }, gate }
}
