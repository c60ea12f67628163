import { settled, type VirtualClock } from "./clock.ts"
import type { Dice } from "./dice.ts"
import type { Trace } from "./trace.ts"

/** What something that lives is made of. */
export interface Life {
  readonly clock: VirtualClock
  readonly dice: Dice
  readonly trace: Trace
  /** At most so many timers are called between two things that happen. */
  readonly mostTimers: number
  /** Lets one thing happen; gives what it was. */
  happen(): string
  /** Lets it have its effect; gives what should not have happened, if something did. */
  settle(): Promise<string | undefined>
}

/** Lets some things happen; gives the first thing that should not have, if there was one. */
export async function live(
  { clock, dice, trace, mostTimers, happen, settle }: Life,
  steps: number,
): Promise<string | undefined> {
  await settled()
  for (let step = 0; step < steps; step++) {
    trace.note(happen())
    for (let timers = dice.between(0, mostTimers); timers >= 0; timers--) {
      const broken = await settle()
      if (broken !== undefined) return broken
      if (timers > 0) clock.step()
    }
  }
  return undefined
}
