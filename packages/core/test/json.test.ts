import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { equalValues } from "../src/equal.ts"
import { freezeJson, toJson } from "../src/json.ts"

const json = fc.jsonValue({ depthSize: "medium" })

describe("toJson", () => {
  it("Z2 copies and freezes any JSON value, equal to what was given", () => {
    fc.assert(
      fc.property(json, (value) => {
        const copy = toJson(value, "u", "a")
        expect(copy).toEqual(value)
        expect(isFrozen(copy)).toBe(true)
        if (typeof value === "object" && value !== null) expect(copy).not.toBe(value)
      }),
    )
  })

  it("Z2 gives what a JSON text of it would give", () => {
    fc.assert(
      fc.property(json, (value) => {
        const copy = toJson(value, "u", "a")
        expect(equalValues(JSON.parse(JSON.stringify(copy)), copy)).toBe(true)
      }),
    )
  })

  it("Z2 names the path of what JSON cannot carry, wherever it is", () => {
    const bad = fc.constantFrom<unknown>(
      undefined,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      1n,
      new Date(0),
      new Map(),
      () => 1,
    )
    const step = fc.oneof(fc.nat(3), fc.constantFrom("a", "b"))
    fc.assert(
      fc.property(bad, fc.array(step, { maxLength: 5 }), (value, steps) => {
        const { holder, path } = buried(value, steps)
        expect(() => toJson(holder, "u", "k")).toThrow(
          expect.objectContaining({
            code: "invalid_value",
            details: { kind: "u", key: "k", path },
          }),
        )
      }),
    )
  })

  it("Z2 refuses holes, symbols as names, cycles and depth without end", () => {
    const sparse = [1, 2]
    sparse[4] = 3
    const cycle: Record<string, unknown> = {}
    cycle.self = { again: cycle }
    let deep: unknown = 1
    for (let level = 0; level < 501; level++) deep = [deep]
    for (const value of [sparse, { [Symbol("s")]: 1 }, cycle, deep]) {
      expect(() => toJson(value, "u", "a")).toThrow(
        expect.objectContaining({ code: "invalid_value" }),
      )
    }
  })

  it("Z2 accepts the same object twice side by side, and objects without a prototype", () => {
    const shared = { n: 1 }
    expect(toJson([shared, shared], "u", "a")).toEqual([{ n: 1 }, { n: 1 }])
    expect(toJson(Object.assign(Object.create(null), { n: 1 }), "u", "a")).toEqual({ n: 1 })
  })

  it("Z2 keeps __proto__ as data", () => {
    const copy = toJson(JSON.parse('{"__proto__":{"polluted":true}}'), "u", "a")
    expect(Object.hasOwn(copy as object, "__proto__")).toBe(true)
    expect((copy as { polluted?: unknown }).polluted).toBeUndefined()
    expect(isFrozen(copy)).toBe(true)
  })
})

describe("equalValues", () => {
  it("Z7 holds for equal values in any order of names, and only for them", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(equalValues(a, reordered(a))).toBe(true)
        expect(equalValues(a, b)).toBe(canonical(a) === canonical(b))
      }),
    )
  })

  it("Z7 tells apart what looks alike", () => {
    const different: [unknown, unknown][] = [
      [[], {}],
      [null, {}],
      [0, "0"],
      [0, false],
      [{ a: undefined }, {}],
      [[1], { 0: 1 }],
      [{ toString: 1 }, { valueOf: 1 }],
    ]
    for (const [a, b] of different)
      expect([equalValues(a, b), equalValues(b, a)]).toEqual([false, false])
  })
})

describe("freezeJson", () => {
  it("Z2 freezes a parsed value all the way down", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(isFrozen(freezeJson(structuredClone(value)))).toBe(true)
      }),
    )
  })
})

/** A value with something buried in it, and the path to it. */
function buried(
  value: unknown,
  steps: readonly (string | number)[],
): { holder: unknown; path: string } {
  const holder = steps.reduceRight<unknown>(
    (inner, step) =>
      typeof step === "string" ? { [step]: inner } : [...Array(step).fill(0), inner],
    value,
  )
  const path = steps.reduce<string>(
    (text, step) =>
      typeof step === "number" ? `${text}[${step}]` : text === "" ? step : `${text}.${step}`,
    "",
  )
  return { holder, path }
}

function isFrozen(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true
  return Object.isFrozen(value) && Object.values(value).every(isFrozen)
}

function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered)
  if (typeof value !== "object" || value === null) return value
  const result: Record<string, unknown> = {}
  for (const [name, part] of Object.entries(value).reverse()) {
    Object.defineProperty(result, name, { value: reordered(part), enumerable: true })
  }
  return result
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? { names: Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)) }
      : part,
  )
}
