import { type Case, FULL_SCALE, type Scale } from "./case.ts"
import { followingCases } from "./cases/following.ts"
import { growingCases } from "./cases/growing.ts"
import { indexingCases } from "./cases/indexing.ts"
import { keepingCases } from "./cases/keeping.ts"
import { listingCases } from "./cases/listing.ts"
import { openingCases } from "./cases/opening.ts"
import { readingCases } from "./cases/reading.ts"
import { writingCases } from "./cases/writing.ts"
import { removeFiles } from "./folder.ts"
import { describeMachine, type Machine } from "./machine.ts"
import { type Measured, measure } from "./measure.ts"
import { type Size, weigh } from "./sizes.ts"

/** Everything one run has found. */
export interface Results {
  /** When it began, in ISO form. */
  readonly date: string
  readonly machine: Machine
  readonly scale: Scale
  readonly cases: readonly Measured[]
  readonly sizes: readonly Size[]
}

/** All cases, in the order of the table. */
export const cases: readonly Case[] = [
  ...writingCases,
  ...readingCases,
  ...followingCases,
  ...listingCases,
  ...indexingCases,
  ...keepingCases,
  ...openingCases,
  ...growingCases,
]

/** Runs the cases whose name has a word in it; all without one. */
export async function run(options: {
  scale?: Scale
  only?: string
  progress(text: string): void
}): Promise<Results> {
  const { scale = FULL_SCALE, only = "", progress } = options
  const chosen = cases.filter(({ what, engine, durability }) =>
    `${what} ${engine} ${durability}`.includes(only),
  )
  const date = new Date().toISOString()
  try {
    const measured: Measured[] = []
    for (const [index, one] of chosen.entries()) {
      const name = `${index + 1} of ${chosen.length}: ${one.what} (${one.engine}, ${one.durability})`
      measured.push(
        await measure(one, scale, (round) =>
          progress(`${name}, round ${round} of ${scale.rounds}`),
        ),
      )
    }
    progress("bundle sizes")
    return {
      date,
      machine: describeMachine(),
      scale,
      cases: measured,
      sizes: only === "" ? await weigh() : [],
    }
  } finally {
    removeFiles()
  }
}
