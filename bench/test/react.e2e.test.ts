import { afterAll, beforeAll, expect, it } from "vitest"
import { type Bench, openBench } from "../src/react/browser.ts"
import { bundleAll, libraries } from "../src/react/libraries.ts"
import { operationsOf } from "../src/react/operations.ts"
import { runReact } from "../src/react/run.ts"
import { reactTables } from "../src/react/table.ts"

const SMALL = { size: 100, rounds: 1, thorough: false }
const SEED = 7
const operations = operationsOf(SMALL.size, SEED)

// Seconds on a machine that does nothing else.
const patience = { timeout: 300_000 }

it(
  "the React bench has the same table with every library after each operation, and tells figures of all",
  patience,
  async () => {
    const results = await runReact({ scale: SMALL, seed: SEED, progress: () => {} })
    expect(results.operations.map(({ what }) => what)).toEqual(operations.map(({ what }) => what))
    const names = libraries.map(({ name }) => name)
    for (const { of } of results.operations) {
      expect(of.map(({ library }) => library)).toEqual(names)
      for (const { painted, work, script } of of) {
        expect(painted.median).toBeGreaterThan(0)
        expect(script.median).toBeGreaterThan(0)
        expect(work.median).toBeGreaterThan(script.median)
      }
    }
    const lines = reactTables(results)
      .split("\n")
      .filter((line) => line.startsWith("|"))
    expect(lines.length).toBe(7 * (2 + operations.length) + 3)

    const renders = Object.fromEntries(
      results.operations.map(({ what, of }) => [
        what,
        of.find(({ library }) => library === "Tidemark, useKey")?.renders,
      ]),
    )
    expect(renders).toEqual({
      "create 100 rows": { lines: 100, lists: 1 },
      "create 1,000 rows": { lines: 1_000, lists: 1 },
      "append 100 to 100 rows": { lines: 100, lists: 1 },
      "update every 10th of 100 rows": { lines: 10, lists: 0 },
      "update one of 1,000 rows": { lines: 1, lists: 0 },
      "swap two of 100 rows": { lines: 0, lists: 1 },
      "select one of 100 rows": { lines: 1, lists: 0 },
      "remove one of 100 rows": { lines: 0, lists: 1 },
      "clear 100 rows": { lines: 0, lists: 1 },
    })
  },
)

let bench: Bench
beforeAll(async () => {
  bench = await openBench(await bundleAll(SMALL.size, SEED))
})
afterAll(() => bench?.close())

it("the React bench fails where a table is not as it must be", async () => {
  const { page, close } = await bench.open("floor")
  const swap = operations.findIndex(({ what }) => what.startsWith("swap"))
  await page.evaluate((index) => window.bench.prepare(index), swap)
  await expect(page.evaluate(() => window.bench.check())).rejects.toThrow("Not shown")
  await page.evaluate(() => window.bench.run())
  await page.evaluate(() => window.bench.check())
  await close()
})
