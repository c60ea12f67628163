import { isDeepStrictEqual } from "node:util"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Row } from "../src/entry.ts"
import { entryTest } from "../src/match.ts"
import { entryOrder } from "../src/order.ts"
import type { Query } from "../src/query.ts"
import type { Shown } from "../src/view.ts"
import { Window } from "../src/window.ts"
import { row } from "./row.ts"

const query: Query = { where: { n: { $lt: 7 } }, orderBy: ["n", { m: "desc" }] }
const test = entryTest(query)
const order = entryOrder(query.orderBy)

/** What a window must show: everything, filtered and sorted anew. */
class Model {
  readonly rows = new Map<string, Row>()

  apply(shown: readonly Shown[]): void {
    for (const { key, row: now } of shown) {
      if (now === undefined || now.deleted) this.rows.delete(key)
      else this.rows.set(key, now)
    }
  }

  get matches(): Row[] {
    return [...this.rows.values()].filter(test).sort(order)
  }
}

const key = fc.integer({ min: 0, max: 30 }).map((n) => `k${n}`)
const number = fc.integer({ min: 0, max: 9 })
const shown: fc.Arbitrary<Shown> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ key, n: number, m: number }).map(({ key, ...value }) => is(key, value)),
  },
  { weight: 1, arbitrary: key.map((key) => ({ kind: "u", key, row: undefined })) },
  { weight: 1, arbitrary: key.map((key) => is(key, { n: 0, m: 0 }, { deleted: true })) },
)
const groups = fc.array(fc.array(shown, { maxLength: 40 }), { maxLength: 40 })
const size = fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 0, max: 8 }))

function isWanted(one: Row): boolean {
  return !one.deleted && test(one)
}

function is(key: string, value: unknown, facts: Partial<Row> = {}): Shown {
  return { kind: "u", key, row: row(key, value, facts) }
}

describe("Window", () => {
  it("Z3 shows what sorting everything anew would show, after any run of changes", () => {
    fc.assert(
      fc.property(groups, groups, size, number, (initial, changes, needed, reserve) => {
        const model = new Model()
        const window = new Window(isWanted, order, needed, needed + reserve)
        const fill = () => {
          const { matches } = model
          const { capacity } = window
          window.fill(matches.slice(0, capacity), matches.length <= capacity)
        }
        for (const group of initial) model.apply(group)
        fill()
        for (const group of changes) {
          const before = window.entries.slice(0, needed)
          model.apply(group)
          const touched = window.apply(group)
          if (!touched) expect(window.entries.slice(0, needed)).toEqual(before)
          expect(window.entries.length).toBeLessThanOrEqual(window.capacity)
          if (window.short) {
            window.widen()
            fill()
          }
          const expected = model.matches.slice(0, needed)
          expect(window.entries.slice(0, needed)).toEqual(expected)
          for (const entry of window.entries.slice(0, needed)) {
            const shown = before.find(({ key }) => key === entry.key)
            // Not only equal: what did not change keeps its identity.
            if (shown !== undefined && isDeepStrictEqual(shown, entry)) expect(entry).toBe(shown)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  it("Z3 is short only when an entry left that nothing in reserve replaces", () => {
    const window = new Window(isWanted, order, 2, 3)
    const rows = [0, 1, 2, 3].map((n) => row(`k${n}`, { n, m: 0 }))
    window.fill(rows, true)
    window.apply([{ kind: "u", key: "k0", row: undefined }])
    expect(window.short).toBe(false)
    window.apply([{ kind: "u", key: "k1", row: undefined }])
    expect(window.short).toBe(true)
    window.fill(
      [rows[2], rows[3]].filter((entry) => entry !== undefined),
      true,
    )
    window.apply([{ kind: "u", key: "k2", row: undefined }])
    expect([window.short, window.entries.length]).toEqual([false, 1])
  })

  it("Z3 takes twice as many in reserve each time, up to a bound", () => {
    const window = new Window(isWanted, order, 50, 82)
    const capacities = Array.from({ length: 10 }, () => {
      window.widen()
      return window.capacity
    })
    expect(capacities.slice(0, 3)).toEqual([114, 178, 306])
    expect(capacities.slice(-2)).toEqual([8_242, 8_242])
    const large = new Window(isWanted, order, 50_000, 100_000)
    large.widen()
    expect(large.capacity).toBe(100_000)
  })
})
