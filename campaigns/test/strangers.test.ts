import { expect, it } from "vitest"
import { freshSeed } from "../src/random.ts"
import { strangers } from "../src/strangers/campaign.ts"

it("C6 2,000 requests of strangers break nothing, learn nothing, alter nothing and leave nothing", {
  timeout: 120_000,
}, async () => {
  const seed = freshSeed()
  console.log(`requests of strangers: seed ${seed}`)
  const report = await strangers({ requests: 2_000, seed, progress() {} })
  // Each kind of answer was met, so the requests were of every kind.
  for (const status of [200, 400, 403, 405, 408, 413, 415]) {
    expect([status, report.statuses[status] ?? 0]).not.toEqual([status, 0])
  }
  expect(report.applied).toBeGreaterThan(100)
})
