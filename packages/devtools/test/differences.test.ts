import type { Change } from "@tidemark/core"
import { describe, expect, it } from "vitest"
import { changeText } from "../src/change-text.ts"
import { differences, textParts } from "../src/differences.ts"

describe("the differences of two values", () => {
  it("C4 are the fields that came, went and changed, each by its path", () => {
    const before = { name: "Ada", old: 1, address: { city: "London", "odd name": 1 } }
    const after = { name: "Ada L.", address: { city: "London", "odd name": 2 }, fresh: [1] }
    expect(differences(before, after)).toEqual([
      { type: "changed", path: "name", before: "Ada", after: "Ada L." },
      { type: "changed", path: 'address["odd name"]', before: 1, after: 2 },
      { type: "added", path: "fresh", after: [1] },
      { type: "removed", path: "old", before: 1 },
    ])
  })

  it("C4 recognise the items of a list by id, by key, and by content", () => {
    expect(
      differences([{ id: 1, done: false }, { id: 2 }], [{ id: 2 }, { id: 1, done: true }]),
    ).toEqual([
      { type: "changed", path: "[1].done", before: false, after: true },
      { type: "moved", path: "", before: 1, after: 0 },
    ])
    expect(differences(["a", "b"], ["x", "a", "b"])).toEqual([
      { type: "added", path: "[0]", after: "x" },
    ])
    expect(differences([{ a: 1 }, { a: 2 }], [{ a: 2 }])).toEqual([
      { type: "removed", path: "[0]", before: { a: 1 } },
    ])
  })

  it("C4 are none for equal values, and one whole for a value that came, went or became another", () => {
    expect(differences({ a: [1] }, { a: [1] })).toEqual([])
    expect(differences(undefined, { a: 1 })).toEqual([{ type: "added", path: "", after: { a: 1 } }])
    expect(differences("x", undefined)).toEqual([{ type: "removed", path: "", before: "x" }])
    expect(differences([1], { a: 1 })).toEqual([
      { type: "changed", path: "", before: [1], after: { a: 1 } },
    ])
  })

  it("C4 take a list that is too long as a whole, and its neighbours one by one", () => {
    const long = Array.from({ length: 20 }, (_, index) => index)
    expect(differences({ long, a: 1, b: 0 }, { long: [...long, 20], a: 2, b: 0 }, 10)).toEqual([
      { type: "changed", path: "long", before: long, after: [...long, 20] },
      { type: "changed", path: "a", before: 1, after: 2 },
    ])
    expect(differences({ long }, { long: [...long] }, 10)).toEqual([])
    expect(differences({}, { long }, 10)).toEqual([{ type: "added", path: "long", after: long }])
  })
})

describe("the pieces of two texts", () => {
  it("C4 are words that stayed, came and went, and make up both texts", () => {
    const [before, after] = ["High water at 06:12 today", "High water at 06:31 today, bring boots"]
    const parts = textParts(before, after) ?? []
    const text = (without: string) =>
      parts
        .filter(({ type }) => type !== without)
        .map((part) => part.text)
        .join("")
    expect(text("added")).toBe(before)
    expect(text("removed")).toBe(after)
    expect(parts.map(({ at }) => at)).toEqual([...new Set(parts.map(({ at }) => at))])
  })

  it("C4 are not told for texts with nothing in common", () => {
    expect(textParts("alpha", "omega")).toBeUndefined()
  })
})

describe("a change on one line", () => {
  const change: Change = {
    seq: 2,
    type: "update",
    kind: "users",
    key: "ada",
    version: 2,
    at: 0,
    cause: "write",
    batch: 2,
    previous: { score: 1, tags: ["a"], old: true },
    value: { score: 2, tags: ["a", "b"] },
  }

  it("C4 is what is different after an update", () => {
    expect(changeText(change)).toBe('score: 1 → 2, + tags[1]: "b", − old')
  })

  it("C4 is the value where there is nothing to compare with", () => {
    const { previous: _, ...alone } = change
    expect(changeText(alone)).toBe('{score: 2, tags: ["a", "b"]}')
    expect(changeText({ ...change, type: "delete" })).toBe('{score: 2, tags: ["a", "b"]}')
  })

  it("C4 tells a few differences, and that there are more", () => {
    const value = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`f${index}`, index]))
    expect(changeText({ ...change, previous: {}, value })).toBe(
      "+ f0: 0, + f1: 1, + f2: 2, + f3: 3, …",
    )
  })
})
