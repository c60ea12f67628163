import { Browser } from "./browser.ts"
import { Dice, withIdentities } from "./dice.ts"
import { type Breakage, World } from "./world.ts"

/** How often a world is a browser, and what follows are its tabs. */
const TABS = 0.1

/** So much of a trace is shown. */
const LINES = 80

/** What came of one seed. */
export interface Outcome {
  readonly seed: number
  /** What did not hold; `undefined` when all held. */
  readonly broken: string | undefined
  /** What has happened, in order. */
  trace(): readonly string[]
}

/** Runs a world from its seed. The same seed is the same run, to the last message. */
export async function run(seed: number, breakage: Breakage = {}): Promise<Outcome> {
  const dice = new Dice(seed)
  return withIdentities(dice, async () => {
    const isOfTabs = dice.chance(breakage.isOfTabs === undefined ? TABS : Number(breakage.isOfTabs))
    const world = isOfTabs ? new Browser(dice, breakage) : new World(dice, breakage)
    const steps = dice.between(8, 28)
    const broken = (await world.live(steps)) ?? (await world.rest())
    return { seed, broken, trace: () => world.trace() }
  })
}

/** What to show of a seed that failed. */
export function report({ seed, broken, trace }: Outcome): string {
  return [`seed ${seed}: ${broken}`, ...trace().slice(-LINES)].join("\n")
}
