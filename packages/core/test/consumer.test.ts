import { type Consumer, kind, StoreError } from "@tidemark/core"
import { devalueCodec } from "@tidemark/core/codecs/devalue"
import { openStoreAtOnce, type StampedBatch } from "@tidemark/core/engine"
import { openStore } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { expect, it } from "vitest"
import { consumersFloor, leastPosition } from "../src/consumer-record.ts"
import { MemoryEngine } from "../src/engines/memory.ts"
import { MovableEngine } from "./movable-engine.ts"

const CONSUMERS = "tidemark:consumers"
const quiet = { onError() {} }

it("E8 tries follow each other after waits that double, up to the longest, and then park", async () => {
  const clock = new TestClock(1_000)
  const store = openStore({ clock, ...quiet })
  const tries: (readonly [number, number])[] = []
  const consumer = store.consume(
    "c",
    "u",
    (_, __, { attempt }) => {
      tries.push([attempt, clock.now()])
      throw new Error("no")
    },
    { retry: { tries: 5, first: 100, longest: 300 } },
  )
  await started(consumer)
  await store.set("u", "a", 1)
  await until(() => consumer.status.get().state === "retrying")
  expect(consumer.status.get().failure).toMatchObject({ tries: 1, change: { key: "a" } })
  await clock.pass(99)
  expect(tries).toHaveLength(1)
  for (const ms of [1, 200, 300, 300]) {
    const { length } = tries
    await clock.pass(ms)
    await until(() => tries.length > length)
    await until(() => consumer.status.get().failure?.tries === tries.length)
  }
  expect(tries).toEqual([
    [1, 1_000],
    [2, 1_100],
    [3, 1_300],
    [4, 1_600],
    [5, 1_900],
  ])
  await until(() => consumer.status.get().state === "following")
  expect(await consumer.parked()).toMatchObject([{ tries: 5, at: 1_900, error: { message: "no" } }])
  await store.close()
})

it("E8 the default is five tries", async () => {
  const clock = new TestClock()
  const store = openStore({ clock, ...quiet })
  let tries = 0
  const consumer = store.consume("c", "u", () => {
    tries++
    throw new Error("no")
  })
  await started(consumer)
  await store.set("u", "a", 1)
  await until(() => consumer.status.get().state === "retrying")
  while ((await consumer.parked()).length === 0) await clock.pass(100)
  expect(tries).toBe(5)
  await store.close()
})

it.each(["consumer", "store"] as const)(
  "E8 closing a %s gives a handler up that does not end, after two seconds, and refuses what it writes",
  async (what) => {
    const clock = new TestClock()
    const store = openStore({ clock })
    let late: Promise<unknown> | undefined
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const consumer = store.consume("c", "u", async (_, tx) => {
      late = held.then(() => tx.set("effects", "a", 1))
      late.catch(() => {})
      await held
    })
    await started(consumer)
    await store.set("u", "a", 1)
    await until(() => late !== undefined)
    let isClosed = false
    const closing = (what === "store" ? store : consumer).close().then(() => {
      isClosed = true
    })
    await clock.pass(1_999)
    expect(isClosed).toBe(false)
    await clock.pass(1)
    await closing
    release()
    await expect(late).rejects.toMatchObject({ code: "closed" })
    if (what === "consumer") expect(await store.count("effects")).toBe(0)
    await store.close()
  },
)

it("E8 a handler that heeds its signal ends a closing at once, and its change comes again", async () => {
  const store = openStore()
  const seen: number[] = []
  const consume = () =>
    store.consume("c", "u", async ({ seq }, _, { signal }) => {
      seen.push(seq)
      if (seen.length > 1) return
      await new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason)),
      )
    })
  const first = consume()
  await started(first)
  const { seq } = await store.set("u", "a", 1)
  await until(() => seen.length === 1)
  await first.close()
  await first.ended
  consume()
  await until(() => seen.length === 2)
  expect(seen).toEqual([seq, seq])
  await store.close()
})

it("E8 what does not concern it moves a consumer on in memory, and seldom in the store", async () => {
  const clock = new TestClock()
  const store = openStore({ clock })
  const consumer = store.consume("c", "u", () => {})
  await started(consumer)
  const moves = async () => (await store.history(CONSUMERS, "c")).length
  for (let n = 0; n < 900; n++) await store.set("v", "x", n)
  await clock.pass(60_000)
  await until(() => consumer.position === store.position)
  expect([await moves(), consumer.lag.get()]).toEqual([1, 0])
  for (let n = 0; n < 200; n++) await store.set("v", "y", n)
  await clock.pass(60_000)
  await until(() => consumer.position === store.position)
  expect(await moves()).toBe(2)
  const { position } = store
  for (let n = 0; n < 5; n++) await clock.pass(60_000)
  expect([store.position, await moves()]).toEqual([position, 2])
  await store.close()
})

it("E8 a store that cannot write costs a change no try, however long that lasts", async () => {
  let isBroken = false
  class Broken extends MemoryEngine {
    override commit(batches: readonly StampedBatch[]) {
      if (isBroken) throw new StoreError("storage_unavailable", "no disk")
      return super.commit(batches)
    }
  }
  const clock = new TestClock()
  const store = openStoreAtOnce(new Broken(), { clock, ...quiet })
  const attempts: number[] = []
  const consumer = store.consume(
    "c",
    "u",
    async ({ key }, tx, { attempt }) => {
      attempts.push(attempt)
      isBroken = attempts.length < 9
      await tx.set("effects", key, 1)
    },
    { retry: { tries: 2 } },
  )
  await started(consumer)
  await store.set("u", "a", 1)
  await until(() => consumer.status.get().state === "retrying")
  expect(consumer.status.get().failure).toMatchObject({ error: { code: "storage_unavailable" } })
  while (store.peek("effects", "a") === undefined) await clock.pass(1_000)
  expect([attempts, await consumer.parked()]).toEqual([Array(9).fill(1), []])
  await store.close()
})

it("E8 an error for which nothing can be done stops a consumer, and is told", async () => {
  class Unreadable extends MemoryEngine {
    override changes(): never {
      throw new StoreError("corrupt", "damaged")
    }
  }
  const errors: unknown[] = []
  const store = openStoreAtOnce(new Unreadable(), { onError: (error) => errors.push(error) })
  await store.setMany("u", Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [n, n])))
  const consumer = store.consume("c", "u", () => {}, { from: 0 })
  await expect(consumer.ended).rejects.toMatchObject({ code: "corrupt" })
  expect(errors).toMatchObject([{ code: "corrupt" }])
  expect([consumer.status.get().state, consumer.lag.status]).toEqual(["stopped", "closed"])
  await store.close()
})

it("E8 in a sequence that was replaced a consumer goes on only from what that holds of it", async () => {
  const engine = new MovableEngine()
  const store = openStoreAtOnce(engine, quiet)
  const seen: string[] = []
  const consume = (name: string, onGap: "error" | "replay") =>
    store.consume(name, "u", ({ key, replay }) => void seen.push(`${replay ?? false} ${key}`), {
      onGap,
      reset: () => void seen.push("reset"),
    })
  const strict = consume("strict", "error")
  await started(strict)
  engine.replace(50, [])
  await store.set("u", "a", 1)
  await expect(strict.ended).rejects.toMatchObject({ code: "position_too_old" })
  expect(seen).toEqual([])

  const lenient = consume("lenient", "replay")
  await started(lenient)
  await store.set("u", "b", 1)
  await until(() => seen.length === 1)
  engine.replace(90, [], "a third")
  await store.set("u", "c", 1)
  await until(() => lenient.position === store.position)
  await store.set("u", "d", 1)
  await until(() => lenient.position === store.position)
  expect(seen).toEqual(["false b", "reset", "true c", "false d"])
  await store.close()
})

it("E8 a value that JSON cannot carry is parked without it, and read from the log", async () => {
  const kinds = { u: kind<Date>({ codec: devalueCodec }) }
  const store = openStore({ kinds, ...quiet })
  let broken = true
  const seen: unknown[] = []
  const consumer = store.consume(
    "c",
    "u",
    ({ value }) => {
      if (broken) throw new Error("no")
      seen.push(value)
    },
    { retry: { tries: 1 } },
  )
  await started(consumer)
  const value = new Date(0)
  const { seq } = await store.set("u", "a", value)
  await until(() => consumer.position >= seq)
  const [parked] = await consumer.parked()
  expect(parked?.change).toMatchObject({ seq, key: "a" })
  expect(parked?.change).not.toHaveProperty("value")
  broken = false
  expect(await consumer.replayParked()).toEqual({ handled: 1, left: 0 })
  expect(seen).toEqual([value])
  await store.close()
})

it("E8 the least position of consumers counts those of scopes, and ignores what is no record", async () => {
  const store = openStore()
  const engine = new MemoryEngine()
  expect(await consumersFloor(engine, 0)).toBe(Number.POSITIVE_INFINITY)
  expect(leastPosition([])).toBe(Number.POSITIVE_INFINITY)
  expect(leastPosition([{ value: null }, { value: "x" }, { value: { position: 7 } }])).toBe(7)
  const scoped = openStoreAtOnce(engine)
  await scoped.set(CONSUMERS, "a", { position: 9, instance: "" })
  const scope = scoped.scope("x").scope("y")
  await scope.set(CONSUMERS, "a", { position: 4, instance: "" })
  await scope.set("consumers", "a", { position: 1 })
  expect(await consumersFloor(engine, 0)).toBe(4)
  await Promise.all([store.close(), scoped.close()])
})

async function started(consumer: Consumer): Promise<void> {
  await until(() => consumer.lag.status === "ready")
}

/** Lets everything go on until a condition holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 0))
}
