import { describe, expect, it } from "vitest"
import { crash } from "../src/crash/campaign.ts"
import { freshSeed } from "../src/random.ts"

const fields = (["full", "process"] as const).flatMap((durability) =>
  [1, 3].map((writers) => ({ durability, writers })),
)

describe.concurrent("Z12 kill -9", () => {
  it.each(fields)(
    "Z12 at durability $durability, with $writers writing, 50 kills lose no acknowledged write",
    { timeout: 180_000 },
    async ({ durability, writers }) => {
      const seed = freshSeed()
      console.log(`kill -9 at ${durability}, ${writers} writing: seed ${seed}`)
      const told: number[] = []
      const progress = ({ kills }: { kills: number }) => told.push(kills)
      const report = await crash({ kills: 50, durability, writers, seed, progress })
      expect(report.kills).toBeGreaterThanOrEqual(50)
      expect(report.changes).toBeGreaterThanOrEqual(report.acknowledged)
      expect(report.acknowledged).toBeGreaterThan(50)
      expect(told.at(-1)).toBe(report.kills)
    },
  )
})
