import { type Clock, systemClock } from "@tidemark/core"
import { MemoryEngine } from "@tidemark/core/memory"
import { connect } from "@tidemark/sync"
import { describe, expect, it, vi } from "vitest"
import type { Mutate } from "../src/message.ts"
import { ack, changes, holding, restore, Scripted, snapshot, turns, welcome } from "./scripted.ts"

describe("C6 what a replica owes", () => {
  it("is not sent again when the state of another epoch includes it, and is settled by its answer", async () => {
    const authority = new Scripted()
    const store = connect(authority)
    const client = await authority.hello(1)
    authority.tell(welcome("one"), ...snapshot("one", 0), changes("one", 0, 0, 0))
    const written = store.set("u", "a", 1)
    await authority.sent(1)
    await restore(authority, 2, 1)
    expect(await authority.hello(3)).toBe(client)
    expect(store.status.get().pending).toBe(0)
    authority.tell(welcome("two", 1))
    await authority.sent(2)
    expect(authority.mutations).toEqual([
      ["one", client, 1],
      ["two", client, 1],
    ])
    authority.tell(ack(1))
    expect(await written).toEqual({ outcome: "created", version: 1, seq: 1 })
    await store.close()
  })

  it("is pending again when the state of another epoch has lost it before it was answered", async () => {
    const outbox = new MemoryEngine()
    const authority = new Scripted()
    const store = connect(authority, { storage: { base: new MemoryEngine(), outbox } })
    const client = await authority.hello(1)
    authority.tell(welcome("one"), ...snapshot("one", 0))
    const first = store.set("u", "a", 1)
    const second = store.set("u", "a", 2)
    await authority.sent(2)
    authority.tell(changes("one", 0, 1, 1))
    expect(store.status.get().pending).toBe(1)
    await restore(authority, 0, 0)
    expect(store.status.get().pending).toBe(2)
    expect(store.peek("u", "a")).toBe(2)
    expect(await authority.hello(3)).toBe(client)
    expect(outbox.scan(`items of ${client}`, { limit: 9 })).toHaveLength(2)
    authority.tell(welcome("two"))
    await authority.sent(4)
    expect(authority.mutations.slice(2)).toEqual([
      ["two", client, 1],
      ["two", client, 2],
    ])
    authority.tell(changes("two", 0, 2, 2), ack(1), ack(2))
    await Promise.all([first, second])
    await store.close()
  })

  it("is sent again by the next run when the process died before the answer, and its refusal is told", async () => {
    const storage = { base: new MemoryEngine(), outbox: new MemoryEngine() }
    const before = new Scripted()
    const first = connect(before, { storage })
    const client = await before.hello(1)
    before.tell(welcome("one"), ...snapshot("one", 0), changes("one", 0, 0, 0))
    const lost = first.set("u", "a", 1)
    await before.sent(1)
    before.tell(changes("one", 0, 1, 1)) // It is refused, and the answer does not come.
    await Promise.allSettled([lost, first.close()])

    const refused: string[] = []
    const authority = new Scripted()
    const onRefused = ({ code }: { readonly code: string }) => void refused.push(code)
    const second = connect(authority, { storage, onRefused })
    expect(await authority.hello(1)).toBe(client)
    authority.tell(welcome("one", 1), changes("one", 1, 1, 1))
    await authority.sent(1)
    const error = { code: "conflict", message: "Somebody was faster" } as const
    authority.tell({ type: "reject", mutation: 1, seq: 1, error })
    expect(refused).toEqual(["conflict"])
    await vi.waitFor(() =>
      expect(storage.outbox.scan(`items of ${client}`, { limit: 9 })).toHaveLength(0),
    )
    await turns()
    const next = second.set("u", "a", 2)
    await authority.sent(2)
    const said = authority.heard.filter(({ type }) => type === "mutate") as Mutate[]
    expect(said.map(({ answered }) => answered)).toEqual([0, 1])
    authority.tell(changes("one", 1, 2, 2), ack(2))
    await next
    await second.close()
  })

  it("goes on under a new name when the authority misses what was let go", async () => {
    const authority = new Scripted()
    const store = connect(authority)
    const client = await authority.hello(1)
    authority.tell(welcome("one"), ...snapshot("one", 0), changes("one", 0, 0, 0))
    const first = store.set("u", "a", 1)
    await authority.sent(1)
    authority.tell(changes("one", 0, 1, 1), ack(1))
    await first
    await restore(authority, 0, 0)
    await authority.hello(3)
    authority.tell(welcome("two"), changes("two", 0, 0, 0))
    const second = store.set("u", "a", 2)
    await authority.sent(2)
    authority.tell({ type: "expected", mutation: 1 })
    const renamed = await authority.hello(4)
    expect(renamed).not.toBe(client)
    authority.tell(welcome("two"))
    await authority.sent(3)
    expect(authority.mutations.slice(1)).toEqual([
      ["two", client, 2],
      ["two", renamed, 1],
    ])
    authority.tell(changes("two", 0, 1, 1), ack(1))
    await second
    await store.close()
  })

  it("keeps its name when an expected comes late, and is sent again after a while", async () => {
    const waits: (() => void)[] = []
    const clock: Clock = {
      ...systemClock,
      after(ms, callback) {
        if (ms !== 1_000) return systemClock.after(ms, callback)
        waits.push(callback)
        return () => {}
      },
    }
    const authority = new Scripted()
    const store = connect(authority, { clock })
    const client = await authority.hello(1)
    authority.tell(welcome("one"), ...snapshot("one", 0), changes("one", 0, 0, 0))
    const first = store.set("u", "a", 1)
    await authority.sent(1)
    authority.tell(changes("one", 0, 1, 1), ack(1))
    await first
    const second = store.set("u", "a", 2)
    await authority.sent(2)
    authority.tell({ type: "expected", mutation: 1 })
    expect(waits).toHaveLength(1)
    for (const go of waits) go()
    expect(authority.mutations.at(-1)).toEqual(["one", client, 2])
    authority.tell(changes("one", 1, 2, 2), ack(2))
    await second
    expect(authority.hellos).toHaveLength(1)
    await store.close()
  })

  it("is not sent before the outbox has it, whatever the authority says meanwhile", async () => {
    const outbox = holding(new MemoryEngine(), "commit")
    const authority = new Scripted()
    const store = connect(authority, {
      storage: { base: new MemoryEngine(), outbox: outbox.engine },
    })
    await authority.hello(1)
    outbox.hold()
    const written = store.set("u", "a", 1)
    await turns()
    authority.tell(welcome("one"), ...snapshot("one", 0), { type: "expected", mutation: 1 })
    await turns()
    expect(authority.mutations).toEqual([])
    outbox.release()
    await authority.sent(1)
    authority.tell(changes("one", 0, 1, 1), ack(1))
    await written
    await store.close()
  })

  it("stays in the outbox until the base on the disk has it", async () => {
    const outbox = new MemoryEngine()
    const base = holding(new MemoryEngine(), "ingest")
    const authority = new Scripted()
    const store = connect(authority, { storage: { base: base.engine, outbox } })
    const client = await authority.hello(1)
    const stored = () => outbox.scan(`items of ${client}`, { limit: 9 })
    authority.tell(welcome("one"), ...snapshot("one", 0))
    base.hold()
    const written = store.set("u", "a", 1)
    await authority.sent(1)
    authority.tell(changes("one", 0, 1, 1), ack(1))
    await written
    await turns()
    expect(stored()).toHaveLength(1)
    base.release()
    await vi.waitFor(() => expect(stored()).toHaveLength(0))
    await store.close()
  })

  it("is stored after the new name is: no number is given twice", async () => {
    const memory = new MemoryEngine()
    const outbox = holding(memory, "commit")
    const authority = new Scripted()
    const store = connect(authority, {
      storage: { base: new MemoryEngine(), outbox: outbox.engine },
    })
    await authority.hello(1)
    authority.tell(welcome("one"), ...snapshot("one", 0))
    const first = store.set("u", "a", 1)
    await authority.sent(1)
    authority.tell(changes("one", 0, 1, 1), ack(1))
    await first
    await restore(authority, 0, 0)
    await authority.hello(3)
    authority.tell(welcome("two"))
    const second = store.set("u", "a", 2)
    await authority.sent(2)
    outbox.hold()
    authority.tell({ type: "expected", mutation: 1 })
    const third = store.set("u", "a", 3)
    await turns()
    outbox.release()
    const client = await authority.hello(4)
    await vi.waitFor(() => expect(memory.row("last", client)?.value).toBe(2))
    await turns()
    expect(memory.row("last", client)?.value).toBe(2)
    expect(memory.scan(`items of ${client}`, { limit: 9 })).toHaveLength(2)
    authority.tell(welcome("two"), changes("two", 0, 2, 2), ack(1), ack(2))
    await Promise.all([second, third])
    await store.close()
  })
})

describe("C6 a snapshot in parts", () => {
  it("is not put together from two", async () => {
    const authority = new Scripted()
    const store = connect(authority, { clock: { now: () => 0, after: () => () => {} } })
    await authority.hello(1)
    const part = {
      type: "snapshot",
      epoch: "one",
      view: "all",
      total: 0,
      rows: [],
      lastMutation: 0,
    } as const
    authority.tell(
      welcome("one"),
      { type: "reset", epoch: "one" },
      { ...part, to: 1, part: 0, last: false },
      { ...part, to: 5, part: 1, last: true },
    )
    expect([store.position, store.status.get().connection]).toEqual([0, "offline"])
    await store.close()
  })
})
