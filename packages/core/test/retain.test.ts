import { isDeepStrictEqual } from "node:util"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { freezeJson } from "../src/json.ts"
import { retain } from "../src/retain.ts"

/** Few names and values, so that two of them have much in common. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(0, 1, "a", true, null),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.constantFrom("x", "y", "z", "__proto__", "constructor"), tie("value")),
  ),
}))

/** A value as a store holds it: of its own and frozen. */
const held = value.map(frozen)

function frozen<T>(of: T): T {
  return freezeJson(structuredClone(of))
}

describe("retain", () => {
  it("Z3 gives a value that is structurally the new one, frozen all the way down", () => {
    fc.assert(
      fc.property(held, held, (before, now) => {
        const copies = frozen([before, now])
        const result = retain(before, now)
        expect(isDeepStrictEqual(result, now)).toBe(true)
        expect(isFrozen(result)).toBe(true)
        expect(isDeepStrictEqual([before, now], copies)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it("Z3 shares every part that stands where it stood and is equal", () => {
    fc.assert(
      fc.property(held, held, (before, now) => {
        expectShared(before, retain(before, now))
      }),
      { numRuns: 2_000 },
    )
  })

  it("Z3 gives the earlier value where nothing has changed, and the new one where nothing is shared", () => {
    fc.assert(
      fc.property(held, (before) => {
        expect(retain(before, frozen(before))).toBe(before)
        const other = frozen({ other: [before] })
        expect(retain(before, other)).toBe(other)
      }),
    )
    expect(retain(undefined, 1)).toBe(1)
    expect(retain([null], null)).toBe(null)
  })

  it("Z10 keeps what JSON cannot carry where its content is the same", () => {
    const made = (n: number) => ({
      due: new Date(0),
      of: new Map([["a", [1n, Number.NaN]]]),
      bytes: new Uint8Array([1, 2]),
      n,
      when: new Date(n),
    })
    const [before, now] = [made(1), made(2)]
    const result = retain(before, now)
    expect(result).toEqual(now)
    for (const name of ["due", "of", "bytes"] as const) expect(result[name]).toBe(before[name])
    expect(result.when).toBe(now.when)
    const [one, other] = [new (class {})(), new (class {})()]
    expect(retain({ one }, { one: other }).one).toBe(other)
  })

  it("Z3 keeps the items of a list on both sides of what came, went or changed", () => {
    const size = fc.nat(4)
    fc.assert(
      fc.property(fc.array(held, { maxLength: 6 }), size, size, size, (values, at, gone, come) => {
        const before = frozen(values.map((value, id) => ({ id, value })))
        const news = values.slice(0, come).map((value, n) => ({ id: 100 + n, value }))
        const result = retain(before, frozen(before.toSpliced(at, gone, ...news)))
        const front = Math.min(at, before.length)
        const back = Math.max(0, before.length - front - gone)
        for (let n = 0; n < front; n++) expect(result[n]).toBe(before[n])
        for (let n = 1; n <= back; n++) expect(result.at(-n)).toBe(before.at(-n))
        expect(isFrozen(result)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it("Z3 looks at each part a few times, however deep lists of other lengths stand in each other", () => {
    let looks = 0
    const leaf = (n: number) =>
      new Proxy([n], {
        get(target, name) {
          if (++looks > 1_000) throw new Error("Looked too often")
          return Reflect.get(target, name)
        },
      })
    let [before, now]: [unknown, unknown] = [leaf(1), leaf(2)]
    for (let depth = 0; depth < 100; depth++) [before, now] = [[before], [now, now]]
    expect(retain(before, now)).toBe(now)
    expect(looks).toBeGreaterThan(0)
  })
})

function expectShared(before: unknown, result: unknown): void {
  if (typeof result !== "object" || result === null) return
  if (isDeepStrictEqual(before, result)) {
    expect(result).toBe(before)
  } else if (Array.isArray(before) && Array.isArray(result) && before.length === result.length) {
    for (const [index, item] of result.entries()) expectShared(before[index], item)
  } else if (isRecord(before) && isRecord(result)) {
    for (const name of Object.keys(result)) {
      if (Object.hasOwn(before, name)) expectShared(before[name], result[name])
    }
  }
}

function isRecord(one: unknown): one is Record<string, unknown> {
  return typeof one === "object" && one !== null && !Array.isArray(one)
}

function isFrozen(one: unknown): boolean {
  if (typeof one !== "object" || one === null) return true
  return Object.isFrozen(one) && Object.values(one).every(isFrozen)
}
