import { expect, it } from "vitest"
import { SIDES } from "../src/sync/opfs/run.ts"
import { runSync } from "../src/sync/run.ts"
import { SMOKE } from "../src/sync/scale.ts"
import { syncTables } from "../src/sync/table.ts"

it("the bench of sync measures every way on both sides, and tells all as tables", async () => {
  const results = await runSync(SMOKE, () => {})
  const { roundTrips, firstState, streams, inBrowser } = results
  expect(roundTrips.map(({ channel, durability }) => `${channel} ${durability}`)).toEqual([
    "MessagePort none",
    "MessagePort process",
    "MessagePort full",
    "HTTP none",
    "HTTP process",
    "HTTP full",
  ])
  for (const { ping, write } of roundTrips) {
    for (const { p50, p99, count } of [ping, write]) {
      expect(p50).toBeGreaterThan(0)
      expect(p99).toBeGreaterThanOrEqual(p50)
      expect(count).toBe(SMOKE.roundTrips)
    }
  }
  expect(firstState.rows).toBe(SMOKE.places)
  expect(firstState.bytes).toBeGreaterThan(SMOKE.places * 50)
  expect(streams.delivery.count).toBe(SMOKE.streams * SMOKE.changes)
  expect(inBrowser.kept.map(({ name }) => name)).toEqual(SIDES.map(({ name }) => name))
  for (const { single, burstMs, firstMs } of inBrowser.kept) {
    for (const ms of [single.p50, burstMs, firstMs]) expect(ms).toBeGreaterThan(0)
  }
  const tables = syncTables(results)
  expect(tables.split("\n").filter((line) => line.startsWith("|"))).toHaveLength(
    4 * 2 + roundTrips.length + 2 + 1 + SIDES.length,
  )
  expect(tables).not.toContain("NaN")
})
