import type { Case, Scale, Side } from "./case.ts"

/** What a case came to. */
export interface Measured {
  readonly what: string
  readonly floorName: string
  readonly engine: Case["engine"]
  readonly durability: Case["durability"]
  readonly per: Case["per"]
  /** Medians of the rounds, in milliseconds. */
  readonly floorMs: number
  readonly oursMs: number
  /** How many times the floor's time ours takes. */
  readonly ratio: number
}

/** Measures both sides in turn, so that what disturbs the machine disturbs both. */
export async function measure(
  one: Case,
  scale: Scale,
  progress: (round: number) => void,
): Promise<Measured> {
  const floor: number[] = []
  const ours: number[] = []
  for (let round = 0; round <= scale.rounds; round++) {
    progress(round)
    const times = [await settled(one.floor, scale), await settled(one.ours, scale)] as const
    if (round === 0) continue // Warms up.
    floor.push(times[0])
    ours.push(times[1])
  }
  const { what, floorName, engine, durability, per } = one
  const [floorMs, oursMs] = [median(floor), median(ours)]
  return { what, floorName, engine, durability, per, floorMs, oursMs, ratio: oursMs / floorMs }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Runs a side with the garbage of the one before it collected, where Node lets us. */
async function settled(side: Side, scale: Scale): Promise<number> {
  globalThis.gc?.()
  return side(scale)
}
