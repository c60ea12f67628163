import { describe, expect, it } from "vitest"
import { BREAKAGES } from "./simulation/breakages.ts"
import { report, run } from "./simulation/run.ts"
import { SEEDS } from "./simulation/seeds.ts"

/** `TIDEMARK_SIMULATION_SEEDS` says how many seeds are run, `…_FROM` which is the first. */
const { TIDEMARK_SIMULATION_SEEDS = "2000", TIDEMARK_SIMULATION_FROM = "1" } = process.env
const from = Number(TIDEMARK_SIMULATION_FROM)
const end = from + Number(TIDEMARK_SIMULATION_SEEDS)

/** So many seeds make a test, so that a long campaign shows how far it is. */
const PART = 500

/** So many failures are told of a part; one cause often shows in many seeds. */
const TOLD = 3

/** So many seeds are enough to find out what is broken on purpose. */
const ENOUGH = 400

const parts = Array.from({ length: Math.ceil((end - from) / PART) }, (_, part) => {
  const first = from + part * PART
  return { first, last: Math.min(first + PART, end) - 1 }
})

describe("C6 replicas, their disks and their authority, in a simulated world", () => {
  it.each(parts)(
    "keep the invariants whatever happens (seeds $first to $last)",
    {
      timeout: 600_000,
    },
    async ({ first, last }) => {
      const failures: string[] = []
      for (let seed = first; seed <= last && failures.length < TOLD; seed++) {
        const outcome = await run(seed)
        if (outcome.broken !== undefined) failures.push(report(outcome))
      }
      expect(failures.join("\n\n")).toBe("")
    },
  )

  it.each(Object.entries(SEEDS))(
    "keep them where they did not once (seed %s: %s)",
    async (seed) => {
      const outcome = await run(Number(seed))
      expect(outcome.broken, report(outcome)).toBeUndefined()
    },
  )

  it.each([1, 2, 3])("do the same again from the same seed (seed %i)", async (seed) => {
    expect((await run(seed)).trace()).toEqual((await run(seed)).trace())
  })
})

describe("C6 the invariants", () => {
  it.each(Object.entries(BREAKAGES))("find out %s", async (_, { breakage, found, from = 1 }) => {
    let broken: string | undefined
    for (let seed = from; seed < from + ENOUGH && !found.test(broken ?? ""); seed++) {
      broken = (await run(seed, breakage)).broken
    }
    expect(broken).toMatch(found)
  })
})
