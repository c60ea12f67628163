import { TestClock } from "@tidemark/core/testing"
import { expect, it } from "vitest"
import { Grace } from "../src/grace.ts"

function opened() {
  const clock = new TestClock()
  const rested: string[] = []
  const idle = (name: string) => ({ rest: () => rested.push(name) })
  return { clock, rested, idle, grace: new Grace(clock, 1_000) }
}

it("Z3 whatever is idle rests after its grace and before twice as long, with one timer for all", async () => {
  const { clock, rested, idle, grace } = opened()
  grace.begin(idle("first"))
  await clock.pass(900)
  grace.begin(idle("second"))
  expect(clock.timers).toBe(1)
  await clock.pass(999)
  expect(rested).toEqual([])
  await clock.pass(101)
  expect(rested).toEqual(["first", "second"])
  expect(clock.timers).toBe(0)
})

it("Z3 what is used again in time does not rest, and what is idle anew has all of its grace", async () => {
  const { clock, rested, idle, grace } = opened()
  const [used, left] = [idle("used"), idle("left")]
  for (const one of [used, left]) grace.begin(one)
  await clock.pass(1_500)
  for (const one of [used, left]) grace.cancel(one)
  grace.begin(left)
  await clock.pass(999)
  expect(rested).toEqual([])
  await clock.pass(1_001)
  expect([rested, clock.timers]).toEqual([["left"], 0])
})
