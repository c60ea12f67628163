import { TestClock } from "@tidemark/core/testing"
import { expect, it } from "vitest"
import { Patience } from "../src/engines/sqlite/patience.ts"
import { StoreError } from "../src/errors.ts"

const busy = () => new StoreError("busy", "Another process holds the file")

/** A lock that others hold, and steps that need it. */
function contended(timeout: number, random?: () => number) {
  const clock = new TestClock(1_000)
  const patience = new Patience(clock, timeout, random)
  const lock = { held: true, tries: 0 }
  const step =
    <T>(result: T) =>
    () => {
      lock.tries++
      if (lock.held) throw busy()
      return result
    }
  return { clock, patience, lock, step }
}

it("E9 a step that meets nobody runs at once, and its error is its own", () => {
  const { patience, lock, step } = contended(100)
  lock.held = false
  expect(patience.attempt(step(1))).toBe(1)
  expect(patience.inTurn(step(2))).toBe(2)
  const broken = new Error("broken")
  const fail = () => {
    throw broken
  }
  expect(() => patience.attempt(fail)).toThrow(broken)
  expect(() => patience.inTurn(fail)).toThrow(broken)
})

it("E9 a busy step runs again after short pauses that grow, until it succeeds", async () => {
  const { clock, patience, lock, step } = contended(1_000, () => 1)
  const result = patience.attempt(step("done"))
  await clock.pass(1)
  expect(lock.tries).toBe(2)
  await clock.pass(100)
  const tries = lock.tries
  expect(tries).toBeLessThan(20)
  await clock.pass(24)
  expect(lock.tries - tries).toBeLessThanOrEqual(1)
  lock.held = false
  await clock.pass(25)
  expect(await result).toBe("done")
  expect(clock.timers).toBe(0)
})

it("E9 steps that wait keep their order, and one that comes meanwhile does not overtake them", async () => {
  const { clock, patience, lock, step } = contended(1_000)
  const ended: string[] = []
  const note = (name: string) => ended.push(name)
  const first = patience.inTurn(step("first"))
  const second = patience.inTurn(step("second"))
  await clock.pass(10)
  lock.held = false
  const third = patience.inTurn(step("third"))
  for (const turn of [first, second, third]) void Promise.resolve(turn).then(note)
  expect(patience.attempt(step("a read"))).toBe("a read")
  await clock.pass(25)
  expect(ended).toEqual(["first", "second", "third"])
})

it("E9 each step waits for its own time and not for that of those before it", async () => {
  const { clock, patience, step } = contended(100)
  const ends: { name: string; after: number; code: string }[] = []
  const note = (name: string) => (error: unknown) =>
    ends.push({ name, after: clock.now() - 1_000, code: (error as StoreError).code })
  const early = Promise.resolve(patience.inTurn(step(1))).catch(note("early"))
  await clock.pass(60)
  const late = Promise.resolve(patience.inTurn(step(2))).catch(note("late"))
  await clock.pass(60)
  expect(ends).toEqual([{ name: "early", after: expect.closeTo(100, 6), code: "busy" }])
  await clock.pass(75)
  await Promise.all([early, late])
  expect(ends[1]).toMatchObject({ name: "late", code: "busy" })
  // The pause in which it came does not count.
  expect(ends[1]?.after).toBeGreaterThanOrEqual(160)
  expect(clock.timers).toBe(0)
})

it("E9 a step that fails for another reason while it waits does not stop those behind it", async () => {
  const { clock, patience, lock, step } = contended(100)
  const broken = new Error("broken")
  const first = patience.inTurn(() => {
    step(1)()
    throw broken
  })
  const second = patience.inTurn(step(2))
  const ends = Promise.allSettled([first, second])
  lock.held = false
  await clock.pass(25)
  expect(await ends).toEqual([
    { status: "rejected", reason: broken },
    { status: "fulfilled", value: 2 },
  ])
})

it("E9 without patience a busy step is refused at once", () => {
  const { patience, step } = contended(0)
  expect(() => patience.inTurn(step(1))).toThrow(expect.objectContaining({ code: "busy" }))
})
