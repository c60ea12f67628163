import { expect, it } from "vitest"
import { SMOKE_SCALE } from "../src/case.ts"
import { cases, run } from "../src/run.ts"
import { tableOf } from "../src/table.ts"

it("the bench measures every case on both sides and prints them as one table", {
  timeout: 60_000,
}, async () => {
  const progress: string[] = []
  const results = await run({ scale: SMOKE_SCALE, progress: (text) => progress.push(text) })
  expect(results.cases.map(({ what }) => what)).toEqual(cases.map(({ what }) => what))
  for (const { floorMs, oursMs, ratio } of results.cases) {
    for (const figure of [floorMs, oursMs, ratio]) expect(figure).toBeGreaterThan(0)
  }
  for (const { minified, gzipped } of results.sizes) {
    for (const bytes of [minified, gzipped]) expect(bytes).toBeGreaterThan(0)
  }
  expect(progress.length).toBe(cases.length * (SMOKE_SCALE.rounds + 1) + 1)

  const table = tableOf(results)
  expect(table).toContain(`Node ${process.version} · SQLite ${results.machine.sqlite}`)
  const lines = table.split("\n").filter((line) => line.startsWith("|"))
  expect(lines.length).toBe(2 + cases.length + results.sizes.length)
  expect(new Set(lines.map((line) => line.split(" | ").length))).toEqual(new Set([7]))
  expect(new Set(lines.map((line) => line.length)).size).toBe(1)
  for (const mode of ["full", "process"]) expect(table).toContain(`| ${mode}`)
})

it("the bench runs only the cases that are asked for", async () => {
  const results = await run({ scale: SMOKE_SCALE, only: "peek", progress: () => {} })
  expect(results.cases.map(({ what }) => what)).toEqual(["hot peek"])
})
