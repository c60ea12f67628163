import { defineKinds, kind, StoreError, type StoreOptions, systemClock } from "@tidemark/core"
import { createTestStore, storeContract, TestClock } from "@tidemark/core/testing"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { z } from "zod"

const kinds = defineKinds({
  tasks: kind(z.object({ title: z.string() })),
  sessions: kind<string>({ ttl: 1_000 }),
})
const tea = { title: "Make tea" }

describe("a test store is a store:", () => {
  // Cases without a clock of their own count on time that passes by itself.
  const open = ({ clock = systemClock, ...options }: StoreOptions = {}) =>
    createTestStore({ ...options, clock: clock as TestClock }).store
  it.each(storeContract)("$name", ({ run }) => run(open))
})

describe("createTestStore", () => {
  it("Z12 begins with its seed, which is there at once, checked and committed", async () => {
    const { store, clock } = createTestStore({
      kinds,
      seed: { tasks: { 1: tea }, sessions: { s: "alice" } },
    })
    expect(store.peek("tasks", "1")).toEqual(tea)
    expect(store.live("sessions", "s").get()).toBe("alice")
    expect(store.status.get()).toMatchObject({ pending: 0, connection: "local" })
    expect(await store.history("tasks", "1")).toHaveLength(1)
    await clock.pass(1_000)
    expect(await store.keys("sessions")).toEqual([])
  })

  it("Z12 refuses a seed that does not fit, or whose schema answers later", () => {
    const bad = () => createTestStore({ kinds, seed: { tasks: { 1: { title: 7 as never } } } })
    expect(bad).toThrow(expect.objectContaining({ code: "validation_failed" }))
    const slow = defineKinds({ slow: kind(z.string().refine(async () => true)) })
    const asynchronous = () => createTestStore({ kinds: slow, seed: { slow: { a: "a" } } })
    expect(asynchronous).toThrow(expect.objectContaining({ code: "unsupported" }))
  })

  it("Z12 has a time of its own, or one that it shares, and no time passes by itself", async () => {
    const clock = new TestClock(5_000)
    const [first, second] = [createTestStore({ clock }), createTestStore({ clock })]
    expect(first.clock).toBe(clock)
    for (const { store } of [first, second]) await store.set("u", "a", 1, { ttl: 10 })
    expect((await first.store.entry("u", "a"))?.updatedAt).toBe(5_000)
    await clock.pass(9)
    expect(await first.store.get("u", "a")).toBe(1)
    await clock.pass(1)
    expect([await first.store.get("u", "a"), await second.store.get("u", "a")]).toEqual([
      undefined,
      undefined,
    ])
    expect(createTestStore().clock.now()).toBe(Date.UTC(2000, 0, 1))
  })

  it("Z12 lets time pass in steps until something holds that waits for more than the clock", async () => {
    const clock = new TestClock(0)
    const rung: number[] = []
    for (const ms of [30, 10, 500]) clock.after(ms, () => rung.push(clock.now()))
    expect(clock.timers).toBe(3)
    await clock.until(async () => rung.length === 2, 20)
    expect([rung, clock.now(), clock.timers]).toEqual([[10, 30], 40, 1])
    await clock.until(() => true)
    expect(clock.now()).toBe(40)
    const { promise, resolve } = Promise.withResolvers<void>()
    let isHere = false
    void promise.then(() => {
      isHere = true
    })
    setTimeout(resolve, 5)
    await clock.until(() => isHere)
    expect(clock.now()).toBeGreaterThan(40)
  })

  it("Z12 goes on when a test runner has put its own timers in place", async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { store, clock } = createTestStore({ latency: 10 })
    const written = store.set("u", "a", 1)
    await clock.pass(10)
    expect(await written).toMatchObject({ outcome: "created" })
  })
})

describe("latency of a test store", () => {
  it("Z12 a write is pending until its time has passed, and watches hear of it then", async () => {
    const { store, clock } = createTestStore({ latency: { writes: 50 } })
    const told: unknown[] = []
    store.watch("u").subscribe(({ key }) => told.push(key))
    const written = store.set("u", "a", 1)
    await clock.pass(49)
    expect([store.peek("u", "a"), store.status.get().pending, told]).toEqual([1, 1, []])
    await clock.pass(1)
    expect(await written).toMatchObject({ outcome: "created", version: 1 })
    expect([store.status.get().pending, told]).toEqual([0, ["a"]])
  })

  it("Z12 a read takes its time too, and live results say that they are loading", async () => {
    const { store, clock } = createTestStore({ latency: 20, seed: { u: { a: 1 } } })
    const live = store.live("u", "a")
    live.subscribe(() => {})
    const got = store.get("u", "a")
    await clock.pass(19)
    expect([live.status, live.get()]).toEqual(["loading", undefined])
    await clock.pass(1)
    expect([live.status, live.get(), await got]).toEqual(["ready", 1, 1])
  })

  it("Z12 writes arrive in the order in which they were made, whatever each takes", async () => {
    const test = createTestStore({ latency: { writes: 100 } })
    const order: string[] = []
    const write = (key: string) => test.store.set("u", key, 1).then(() => order.push(key))
    void write("slow")
    await test.clock.pass(0)
    test.latency(0)
    void write("fast")
    await test.clock.pass(0)
    expect(order).toEqual([])
    await test.clock.pass(100)
    expect(order).toEqual(["slow", "fast"])
    await write("next")
    expect(order).toEqual(["slow", "fast", "next"])
  })
})

describe("faults of a test store", () => {
  it.each([
    ["full", "storage_unavailable"],
    ["io", "storage_unavailable"],
    ["read_only", "read_only"],
    ["busy", "busy"],
  ] as const)(
    "Z2 %s fails the next write with %s, takes it back, and only that one",
    async (fault, code) => {
      const test = createTestStore({ kinds, seed: { tasks: { 1: tea } } })
      test.fail(fault)
      const written = test.store.set("tasks", "1", { title: "Make coffee" })
      expect(test.store.peek("tasks", "1")).toEqual({ title: "Make coffee" })
      await expect(written).rejects.toMatchObject({ code, details: { fault } })
      expect(test.store.peek("tasks", "1")).toEqual(tea)
      expect(await test.store.history("tasks", "1")).toHaveLength(1)
      await test.store.set("tasks", "1", { title: "Make coffee" })
    },
  )

  it("Z2 a storage that fails shows in the status until a write succeeds", async () => {
    const test = createTestStore({ faults: ["full", "busy", "io"] })
    await test.store.set("u", "a", 1).catch(() => {})
    expect(test.store.status.get()).toMatchObject({
      health: "failing",
      failure: { since: test.clock.now(), error: { code: "storage_unavailable" } },
    })
    await expect(test.store.set("u", "a", 1)).rejects.toMatchObject({ code: "busy" })
    await expect(test.store.set("u", "a", 1)).rejects.toMatchObject({ details: { fault: "io" } })
    expect(test.store.status.get().health).toBe("failing")
    await test.store.set("u", "a", 1)
    expect(test.store.status.get().health).toBe("ok")
  })

  it("Z2 a fault may strike some kinds only, several times, until it is mended, or reads", async () => {
    const test = createTestStore({ seed: { u: { a: 1 } } })
    test.fail("busy", { kind: "v", times: Number.POSITIVE_INFINITY })
    await test.store.set("u", "a", 2)
    for (const _ of [1, 2]) await expect(test.store.set("v", "a", 1)).rejects.toThrow()
    test.mend()
    await test.store.set("v", "a", 1)

    test.fail("io", { on: "read", kind: "v" })
    expect(await test.store.list("u")).toHaveLength(1)
    await expect(test.store.list("v")).rejects.toMatchObject({ code: "storage_unavailable" })
    expect(await test.store.list("v")).toHaveLength(1)
  })

  it("Z2 fails one write of a tick, with an error of the test's own, and not its neighbours", async () => {
    const test = createTestStore()
    const denied = new StoreError("unauthorized", "Not yours")
    test.fail(denied, { kind: "v" })
    const [u, v] = await Promise.allSettled([
      test.store.set("u", "a", 1),
      test.store.set("v", "a", 1),
    ])
    expect([u.status, v]).toEqual(["fulfilled", { status: "rejected", reason: denied }])
  })

  it("Z8 validation stays real, and comes before any fault", async () => {
    const test = createTestStore({ kinds, faults: ["full"] })
    const bad = test.store.set("tasks", "1", { title: 7 as never })
    await expect(bad).rejects.toMatchObject({ code: "validation_failed" })
    await expect(test.store.set("tasks", "1", tea)).rejects.toMatchObject({
      code: "storage_unavailable",
    })
  })
})

describe("the link of a test store", () => {
  it("Z12 offline, writes show as pending, and arrive in order when the link is there again", async () => {
    const test = createTestStore({ offline: true, seed: { u: { a: 0 } } })
    const { store, others } = test
    const entry = store.liveEntry("u", "a")
    const told: unknown[] = []
    store.watch("u").subscribe(({ value }) => told.push(value))
    const written = [store.set("u", "a", 1), store.set("u", "a", 2)]
    await test.clock.pass(60_000)
    expect(store.status.get()).toMatchObject({ connection: "offline", pending: 2 })
    expect(entry.get()).toMatchObject({ value: 2, pending: true })
    expect([told, await others.get("u", "a")]).toEqual([[], 0])
    await test.online()
    await Promise.all(written)
    expect(store.status.get()).toMatchObject({ connection: "live", pending: 0 })
    expect(entry.get()).toMatchObject({ value: 2, version: 3 })
    expect(entry.get()?.pending).toBeUndefined()
    expect([told, await others.get("u", "a")]).toEqual([[1, 2], 2])
  })

  it("Z12 what others write comes when there is a link, after the latency", async () => {
    const test = createTestStore({ latency: { writes: 30 } })
    await test.others.set("u", "a", 1)
    expect(test.store.peek("u", "a")).toBeUndefined()
    await test.clock.pass(30)
    expect(test.store.peek("u", "a")).toBe(1)
    test.offline()
    await test.others.set("u", "a", 2)
    await test.clock.pass(30)
    expect(test.store.peek("u", "a")).toBe(1)
    await test.online()
    expect(test.store.peek("u", "a")).toBe(2)
  })

  it("Z12 a write that others have overtaken is judged when it arrives, and taken back", async () => {
    const test = createTestStore({ seed: { u: { a: 1 } } })
    test.offline()
    const late = test.store.set("u", "a", "mine", { ifVersion: 1 })
    const refused = expect(late).rejects.toMatchObject({ code: "conflict" })
    await test.others.set("u", "a", "theirs")
    expect(test.store.peek("u", "a")).toBe("mine")
    await test.online()
    await refused
    expect(test.store.peek("u", "a")).toBe("theirs")
  })

  it("Z2 a full disk needs no link to fail", async () => {
    const test = createTestStore({ offline: true, faults: ["full"] })
    await expect(test.store.set("u", "a", 1)).rejects.toMatchObject({ code: "storage_unavailable" })
  })

  it("Z17 close gives up what is on its way, and waits for no time", async () => {
    const test = createTestStore({ latency: 50 })
    const reading = test.store.get("u", "a")
    const writing = test.store.set("u", "b", 1)
    const ended = [reading, writing].map((one) =>
      expect(one).rejects.toMatchObject({ code: "closed" }),
    )
    await test.clock.pass(0)
    test.offline()
    await test.close()
    await Promise.all(ended)
    await expect(test.others.get("u", "a")).rejects.toMatchObject({ code: "closed" })
  })

  it("Z12 notes what a handler throws, and tells it on", async () => {
    const onError = vi.fn()
    await using test = createTestStore({ onError })
    const error = new Error("in a handler")
    test.store.watch("u").subscribe(() => {
      throw error
    })
    await test.store.set("u", "a", 1)
    expect(test.reported).toEqual([error])
    expect(onError).toHaveBeenCalledWith(error)
  })
})
