import { createTestStore } from "@tidemark/core/testing"
import { expect, it } from "vitest"

it("Z3 a live result that has failed is read again for the first who follows it anew", async () => {
  const { store, clock, fail } = createTestStore({ latency: 10, seed: { u: { a: 1, b: 2 } } })
  fail("io", { on: "read", times: 2 })
  const lives = [store.live("u", "a"), store.liveList("u")]
  const stops = lives.map((live) => live.subscribe(() => {}))
  await clock.pass(10)
  expect(lives.map(({ status }) => status)).toEqual(["failed", "failed"])
  const told: unknown[] = []
  lives[0]?.subscribe(() => told.push("joins who follows already"))
  expect(lives[0]?.status).toBe("failed")
  for (const stop of stops) stop()
  await clock.pass(5_000)

  fail("io", { on: "read", times: 1 })
  const list = store.liveList("u")
  list.subscribe(() => {})()
  await clock.pass(10)
  expect(list.status).toBe("failed")
  list.subscribe(() => told.push(list.get().map(({ key }) => key)))
  expect(list.status).toBe("loading")
  await clock.pass(10)
  expect([list.status, list.error, told]).toEqual(["ready", undefined, [["a", "b"]]])
})
