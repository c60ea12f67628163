import { rmSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { Fault } from "../src/ledger.ts"
import { losePower, type PowerLossOptions } from "../src/powerloss/campaign.ts"
import { whyNotTraced } from "../src/powerloss/record.ts"
import { freshSeed } from "../src/random.ts"

const reason = whyNotTraced()
const title = reason === undefined ? "Z2 power loss" : `Z2 power loss (not played: ${reason})`

describe.skipIf(reason !== undefined)(title, { timeout: 120_000 }, () => {
  it("Z2 at durability full 500 crashes take nothing that was acknowledged, and damage nothing", async () => {
    const report = await losePower(options("full", 500))
    expect(report).toMatchObject({ images: 500, lossy: 0, mostLost: 0, runs: 2 })
    expect(report.operations).toBeGreaterThan(1_000)
  })

  it("Z2 at durability process 500 crashes damage nothing, and take the end at most", async () => {
    const report = await losePower(options("process", 500))
    expect(report).toMatchObject({ images: 500, runs: 2 })
    expect(report.lossy).toBeGreaterThan(0)
  })

  it.each(["full", "process"] as const)(
    "Z2 at durability %s a disk that only says that it has synced is found out",
    async (durability) => {
      const found = await losePower({ ...options(durability, 500), lying: true }).catch(
        (error: unknown) => error,
      )
      expect(found).toBeInstanceOf(Fault)
      const folder = /in (\S+): /.exec((found as Fault).message)?.[1]
      if (folder !== undefined) rmSync(folder, { recursive: true })
    },
  )
})

function options(durability: "full" | "process", images: number): PowerLossOptions {
  const seed = freshSeed()
  console.log(`power loss at ${durability}: seed ${seed}`)
  return { durability, images, seed, progress: () => {} }
}
