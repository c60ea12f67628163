import { TestClock } from "@tidemark/core/testing"
import { expect, it } from "vitest"
import { Alarm } from "../src/alarm.ts"

function opened() {
  const clock = new TestClock(1_000)
  const rung: number[] = []
  const alarm = new Alarm(clock, () => rung.push(clock.now()))
  return { clock, rung, alarm }
}

it("G1 an alarm rings once, at the earliest of the times that were set", async () => {
  const { clock, rung, alarm } = opened()
  for (const time of [5_000, 3_000, 4_000]) alarm.set(time)
  expect(clock.timers).toBe(1)
  await clock.pass(60_000)
  expect(rung).toEqual([3_000])
  alarm.set(0)
  await clock.pass(0)
  expect(rung).toEqual([3_000, 61_000])
})

it("G1 an alarm for a time far away rings within a minute, so that the clock is looked at", async () => {
  const { clock, rung, alarm } = opened()
  alarm.set(Number.MAX_VALUE)
  alarm.set(2 ** 40)
  alarm.set(Number.POSITIVE_INFINITY)
  await clock.pass(60_000)
  expect([rung, clock.timers]).toEqual([[61_000], 0])
})

it("G1 an alarm that is cleared does not ring, and one for no time at all is none", async () => {
  const { clock, rung, alarm } = opened()
  alarm.set(2_000)
  alarm.clear()
  alarm.set(Number.POSITIVE_INFINITY)
  expect(clock.timers).toBe(0)
  await clock.pass(60_000)
  expect(rung).toEqual([])
})
