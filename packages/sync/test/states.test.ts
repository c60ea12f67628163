import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { backoff } from "../src/backoff.ts"
import { type ReplicaEvent, type ReplicaState, TRANSITIONS } from "../src/states.ts"

const states = Object.keys(TRANSITIONS) as ReplicaState[]
const events = Object.keys(TRANSITIONS.live) as ReplicaEvent[]

describe("C6 the states of a replica", () => {
  it("cannot leave closed, and leave incompatible and denied only to close, or when asked for another try", () => {
    for (const event of events) {
      expect(TRANSITIONS.closed[event]).toBe("closed")
      for (const stopped of ["incompatible", "denied"] as const) {
        const next = event === "close" ? "closed" : event === "again" ? "offline" : stopped
        expect(TRANSITIONS[stopped][event]).toBe(next)
      }
    }
  })

  it("can reach live from every state that has not stopped", () => {
    const way: ReplicaEvent[] = ["lost", "open", "welcome", "told"]
    for (const state of states.filter(
      (one) => !["closed", "incompatible", "denied"].includes(one),
    )) {
      expect(way.reduce((now, event) => TRANSITIONS[now][event], state)).toBe("live")
    }
  })
})

describe("backoff", () => {
  it("grows, is spread, and stays within its bounds", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
        const wait = backoff(failures, () => random)
        expect(wait).toBeGreaterThanOrEqual(100)
        expect(wait).toBeLessThanOrEqual(15_000)
        expect(backoff(failures + 1, () => random)).toBeGreaterThanOrEqual(wait)
      }),
    )
  })
})
