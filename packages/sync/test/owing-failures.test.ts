import { StoreError } from "@tidemark/core"
import type { Engine, StampedBatch } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { connect } from "@tidemark/sync"
import { describe, expect, it, vi } from "vitest"
import { turn } from "../../core/test/turn.ts"
import type { Mutate, ServerMessage } from "../src/message.ts"
import { ack, changes, holding, Scripted, snapshot, turns, welcome } from "./scripted.ts"

/** An engine whose commits fail while they are of some kind. */
function failing(fails: (batch: StampedBatch) => boolean) {
  const engine = new MemoryEngine()
  const commit = engine.commit.bind(engine)
  engine.commit = (batches) => {
    if (batches.some(fails)) throw new StoreError("storage_unavailable", "The disk is full")
    return commit(batches)
  }
  return engine
}

const mutates = (authority: Scripted) =>
  authority.heard.filter((message): message is Mutate => message.type === "mutate")
const told = (mutation: number): ServerMessage[] => [
  changes("one", mutation - 1, mutation, mutation),
  ack(mutation),
]

describe("C6 what a replica owes, where something fails", () => {
  it("is let go of later when the outbox could not, and the authority hears of it", async () => {
    let isFull = false
    const outbox = failing(({ ops }) => isFull && ops.some(({ type }) => type === "delete"))
    const errors: unknown[] = []
    const authority = new Scripted()
    const store = connect(authority, {
      storage: { base: new MemoryEngine(), outbox },
      onError: (error) => errors.push(error),
    })
    const client = await authority.hello(1)
    const stored = () => outbox.scan(`items of ${client}`, { limit: 9 })
    authority.tell(welcome("one"), ...snapshot("one", 0))
    isFull = true
    const first = store.set("u", "a", 1)
    await authority.sent(1)
    authority.tell(...told(1))
    await first
    await vi.waitFor(() => expect(errors).toHaveLength(1))
    isFull = false
    const second = store.set("u", "a", 2)
    await authority.sent(2)
    authority.tell(...told(2))
    await second
    await vi.waitFor(() => expect(stored()).toHaveLength(0))
    await turns()
    const third = store.set("u", "a", 3)
    await authority.sent(3)
    expect(mutates(authority).map(({ answered }) => answered)).toEqual([0, 0, 2])
    authority.tell(...told(3))
    await third
    await store.close()
  })

  it("is stored under the new name as soon as the disk takes it, and sent then", async () => {
    const clock = new TestClock()
    let isFull = false
    const outbox = failing(() => isFull)
    const errors: unknown[] = []
    const authority = new Scripted()
    const store = connect(authority, {
      clock,
      storage: { base: new MemoryEngine(), outbox },
      onError: (error) => errors.push(error),
    })
    const client = await authority.hello(1)
    authority.tell(welcome("one"), ...snapshot("one", 0))
    const first = store.set("u", "a", 1)
    await authority.sent(1)
    authority.tell(...told(1))
    await first
    authority.tell(...snapshot("two", 0))
    await clock.pass(1_000)
    await authority.hello(2)
    authority.tell(welcome("two"), ...snapshot("two", 0))
    await authority.hello(3)
    authority.tell(welcome("two"))
    const second = store.set("u", "a", 2)
    await authority.sent(2)
    isFull = true
    authority.tell({ type: "expected", mutation: 1 })
    for (let tries = 0; tries < 4; tries++) await clock.pass(2_000)
    expect(errors.length).toBeGreaterThan(2)
    expect(authority.hellos).toHaveLength(3) // It says nothing before it has its name.
    isFull = false
    await clock.pass(15_000)
    const renamed = await authority.hello(4)
    expect(renamed).not.toBe(client)
    expect(outbox.row("identity", "self")?.value).toMatchObject({ client: renamed })
    authority.tell(welcome("two"))
    await authority.sent(3)
    expect(authority.mutations.at(-1)).toEqual(["two", renamed, 1])
    authority.tell(changes("two", 0, 1, 1), ack(1))
    await second
    await store.close()
  })

  it("was begun when the first welcome said, however many come until that is stored", async () => {
    const memory = new MemoryEngine()
    const outbox = holding(memory, "commit")
    const authority = new Scripted()
    const store = connect(authority, {
      storage: { base: new MemoryEngine(), outbox: outbox.engine },
    })
    await authority.hello(1)
    outbox.hold()
    const at = (time: number): ServerMessage => ({ ...welcome("one"), at: time }) as ServerMessage
    authority.tell(at(5), at(9), ...snapshot("one", 0))
    outbox.release()
    const written = store.set("u", "a", 1)
    await authority.sent(1)
    await turns()
    expect(mutates(authority)[0]?.since).toBe(5)
    expect(memory.row("identity", "self")?.value).toMatchObject({ since: 5 })
    authority.tell(...told(1))
    await written
    await store.close()
  })

  it("is settled though onRefused throws for the one before it", async () => {
    const storage = { base: new MemoryEngine(), outbox: new MemoryEngine() }
    const before = new Scripted()
    const first = connect(before, { storage })
    await before.hello(1)
    before.tell(welcome("one"), ...snapshot("one", 0), changes("one", 0, 1, 0))
    const lost = first.set("u", "a", 1)
    await before.sent(1)
    await Promise.allSettled([lost, first.close()])

    const errors: unknown[] = []
    const authority = new Scripted()
    const second = connect(authority, {
      storage,
      onError: (error) => errors.push(error),
      onRefused() {
        throw new Error("The application's own")
      },
    })
    const client = await authority.hello(1)
    authority.tell(welcome("one"), changes("one", 1, 1, 0))
    const written = second.set("u", "b", 2)
    await authority.sent(2)
    const error = { code: "conflict", message: "Somebody was faster" } as const
    authority.tell({ type: "reject", mutation: 1, seq: 1, error }, ack(2))
    authority.tell(changes("one", 1, 3, 2))
    await written
    expect(errors).toMatchObject([{ message: "The application's own" }])
    expect(authority.hellos).toHaveLength(1)
    await vi.waitFor(() =>
      expect(storage.outbox.scan(`items of ${client}`, { limit: 9 })).toHaveLength(0),
    )
    await second.close()
  })

  it("says what a delete has deleted also where the answer does not, whichever comes first", async () => {
    const authority = new Scripted()
    const store = connect(authority)
    await authority.hello(1)
    authority.tell(welcome("one"), ...snapshot("one", 0))
    const set = store.set("u", "a", "there")
    await authority.sent(1)
    const change = { seq: 1, kind: "u", key: "a", value: "there", version: 1, at: 1, batch: 1 }
    const created = { ...change, type: "create", cause: "write" } as const
    authority.tell({ ...changes("one", 0, 1, 1), changes: [created] } as ServerMessage, ack(1))
    await set
    const deleted = store.delete("u", "a")
    await authority.sent(2)
    authority.tell({ type: "ack", mutation: 2, seq: 2 })
    const gone = { ...created, type: "delete", seq: 2, batch: 2, version: 2 } as const
    authority.tell({ ...changes("one", 1, 2, 2), changes: [gone] } as ServerMessage)
    expect(await deleted).toEqual({ existed: true, previous: "there" })
    await store.close()
  })
})

it("C6 a replica that is asked to wait for years tries again after an hour", async () => {
  const clock = new TestClock()
  const authority = new Scripted()
  const store = connect(authority, { clock, deadline: 1e12 })
  await authority.hello(1)
  authority.tell(welcome("one"), ...snapshot("one", 0))
  const written = store.set("u", "a", 1)
  await authority.sent(1)
  authority.tell({ type: "retry", afterMs: 1e11 })
  await clock.pass(3_599_000)
  expect(authority.mutations).toHaveLength(1)
  await clock.pass(1_000)
  expect(authority.mutations).toHaveLength(2)
  authority.tell(...told(1))
  await written
  await store.close()
})

describe("C6 a replica that closes", () => {
  it("before its storage is open tells who has written", async () => {
    const clock = new TestClock()
    const memory = new MemoryEngine()
    const { promise: opened, resolve: open } = Promise.withResolvers<void>()
    const slow: Engine = new Proxy<Engine>(memory, {
      get(target, name) {
        const value = Reflect.get(target, name, target)
        if (name === "open")
          return (...given: unknown[]) => opened.then(() => value.apply(target, given))
        return typeof value === "function" ? value.bind(target) : value
      },
    })
    const store = connect(new Scripted(), {
      clock,
      storage: { base: new MemoryEngine(), outbox: slow },
    })
    let told = ""
    const written = store.set("u", "a", 1).catch(({ code }) => {
      told = code
    })
    const closed = store.close()
    await clock.pass(2_000)
    open()
    await closed
    await turn()
    expect(told).toBe("closed")
    await written
  })

  it("closes though its outbox could not be opened", async () => {
    const outbox = new MemoryEngine()
    outbox.open = () => {
      throw new StoreError("storage_unavailable", "There is no disk")
    }
    const store = connect(new Scripted(), { storage: { base: new MemoryEngine(), outbox } })
    await expect(store.get("u", "a")).rejects.toMatchObject({ code: "storage_unavailable" })
    await store.close()
  })

  it("leaves nothing to happen later", async () => {
    const clock = new TestClock()
    const authority = new Scripted()
    const store = connect(authority, { clock })
    await authority.hello(1)
    authority.tell(welcome("one"), ...snapshot("one", 0), { type: "retry", afterMs: 600_000 })
    await store.close()
    expect(clock.timers).toBe(0)
  })
})

it("C6 a replica takes its first state though onProgress throws", async () => {
  const errors: unknown[] = []
  const authority = new Scripted()
  const store = connect(authority, {
    onError: (error) => errors.push(error),
    onProgress() {
      throw new Error("The application's own")
    },
  })
  await authority.hello(1)
  authority.tell(welcome("one"), ...snapshot("one", 0))
  expect(await store.list("u")).toEqual([])
  expect(errors).toMatchObject([{ message: "The application's own" }])
  expect(authority.hellos).toHaveLength(1)
  await store.close()
})
