import { describe, expect, it } from "vitest"
import { CONFIGURATIONS } from "./protocol/configurations.ts"
import { explore, type Findings } from "./protocol/explore.ts"
import { MUTATIONS, type Mutation } from "./protocol/mutations.ts"
import type { Configuration } from "./protocol/state.ts"

const configurations = Object.entries<Configuration>(CONFIGURATIONS)
const mutations = Object.entries(MUTATIONS) as [Mutation, keyof typeof CONFIGURATIONS][]

function told({ violation }: Findings): string {
  return violation ? [violation.what, ...violation.trace].join("\n  ") : "nothing is wrong"
}

describe("C6 the protocol, in every order in which things can happen", () => {
  const visited: number[] = []

  it.each(configurations)("keeps its invariants when %s", (_, configuration) => {
    const findings = explore({ configuration, broken: undefined })
    expect(told(findings)).toBe("nothing is wrong")
    visited.push(findings.states)
  })

  it("has as many states as its specification says", ({ skip }) => {
    if (visited.length < configurations.length) skip("Some were left out of this run")
    expect(visited.reduce((sum, states) => sum + states)).toBeGreaterThan(150_000)
  })
})

describe("C6 the check of the protocol", () => {
  it.each(mutations)("notices when %s (%s)", (broken, name) => {
    const { violation } = explore({ configuration: CONFIGURATIONS[name], broken })
    expect(violation?.what).toMatch(INVARIANT)
    expect(violation?.trace).not.toEqual([])
  })
})

const INVARIANT =
  /^(the base is the fold|each mutation is in the log at most once|a client's mutations are gapless|each mutation is in exactly one|each mutation is answered|acknowledged means|every state can reach rest)/
