import { TestClock } from "@tidemark/core/testing"
import { expect, it } from "vitest"
import { Leader } from "../src/leader.ts"
import { hostOrigin, type Locks } from "../src/origin.ts"

it("C6 a tab that steps down after it was given the lock, and before it hears of that, does not lead", async () => {
  const grants: (() => unknown)[] = []
  const request = (...given: unknown[]) =>
    new Promise((resolve) => {
      grants.push(() => resolve((given.at(-1) as () => unknown)()))
    })
  const locks = { request } as unknown as Locks
  const started: string[] = []
  const told: string[] = []
  const leader = new Leader({
    store: {
      name: "app",
      directory: "app",
      durability: "full",
      retention: {},
      kinds: {},
      patience: 0,
    },
    createWorker() {
      started.push("a worker")
      throw new Error("none is wanted")
    },
    origin: { ...hostOrigin, locks },
    clock: new TestClock(),
    random: () => 0,
    elected: () => told.push("elected"),
    leads: () => told.push("leads"),
    resigned: () => told.push("resigned"),
    failed: (error) => told.push(String(error)),
    report: (error) => told.push(String(error)),
  })
  leader.stand()
  leader.stepDown()
  for (const grant of grants) grant()
  await new Promise((resolve) => setImmediate(resolve))
  expect(grants).toHaveLength(1)
  expect([started, told]).toEqual([[], []])
})
