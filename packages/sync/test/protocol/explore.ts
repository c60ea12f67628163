import { isAtRest, violationOf } from "./invariants.ts"
import type { Model } from "./model.ts"
import { initialState, type State } from "./state.ts"
import { stepsOf } from "./steps.ts"

/** What an exploration has found. */
export interface Findings {
  readonly states: number
  /** What is wrong, and the shortest way there. */
  readonly violation: { readonly what: string; readonly trace: readonly string[] } | undefined
}

/** A state that was reached: from where, and by what. */
interface Visit {
  readonly state: State
  readonly from: number
  readonly label: string
}

/**
 * Visits every state that can be reached, nearest first, and stops at the first that breaks an
 * invariant. When none does, asks of each whether it can still come to rest.
 *
 * @throws Error when there are more than `most` states.
 */
export function explore(model: Model, most = 1_000_000): Findings {
  const visits: Visit[] = []
  const numbers = new Map<string, number>()
  const before: number[][] = []
  const visit = (state: State, from: number, label: string): void => {
    const key = JSON.stringify(state)
    let number = numbers.get(key)
    if (number === undefined) {
      number = visits.length
      if (number === most) throw new Error(`There are more than ${most} states`)
      numbers.set(key, number)
      visits.push({ state, from, label })
      before.push([])
    }
    if (from >= 0) before[number]?.push(from)
  }
  visit(initialState(model.configuration), -1, "")
  for (let number = 0; number < visits.length; number++) {
    const { state } = visits[number] as Visit
    const what = violationOf(state)
    if (what !== undefined)
      return { states: visits.length, violation: { what, trace: traceTo(visits, number) } }
    for (const [label, after] of stepsOf(state, model)) visit(after, number, label)
  }
  const stuck = firstStuck(visits, before)
  const what = "every state can reach rest: this one cannot"
  const violation = stuck === -1 ? undefined : { what, trace: traceTo(visits, stuck) }
  return { states: visits.length, violation }
}

/** The nearest state from which no way leads to rest; -1 when there is none. */
function firstStuck(visits: readonly Visit[], before: readonly (readonly number[])[]): number {
  const resting = visits.flatMap(({ state }, number) => (isAtRest(state) ? [number] : []))
  const can = new Uint8Array(visits.length)
  for (const number of resting) can[number] = 1
  for (let number = resting.pop(); number !== undefined; number = resting.pop()) {
    for (const earlier of before[number] ?? []) {
      if (can[earlier] === 1) continue
      can[earlier] = 1
      resting.push(earlier)
    }
  }
  return can.indexOf(0)
}

function traceTo(visits: readonly Visit[], end: number): readonly string[] {
  const trace: string[] = []
  for (let number = end; number > 0; number = (visits[number] as Visit).from)
    trace.unshift((visits[number] as Visit).label)
  return trace
}
