import { expect, it } from "vitest"
import { flood } from "../src/flood/campaign.ts"

it("C2 slow work on 200,000 changes keeps a page of them in memory, and loses none", async () => {
  const report = await flood({ changes: 200_000, operator: "inTurn", heap: 48 })
  expect(report).toMatchObject({ written: 200_000, told: 200_000, inOrder: true })
  expect(report.peak).toBeLessThan(16 * 2 ** 20)
})

it("C2 the measure sees what RxJS's concatMap keeps of as many", async () => {
  const { peak, told } = await flood({ changes: 60_000, operator: "concatMap", heap: 512 })
  expect(told).toBe(60_000)
  expect(peak).toBeGreaterThan(16 * 2 ** 20)
})
