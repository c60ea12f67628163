import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { compareKeys, indexKey } from "../src/index-key.ts"
import { entryTest } from "../src/match.ts"
import { compareText, entryOrder } from "../src/order.ts"
import { type Plan, planQuery } from "../src/plan.ts"
import type { Query } from "../src/query.ts"
import { indexes, query, values } from "./querying.ts"
import { row } from "./row.ts"

/** Entries in the order in which an index is read. */
function asRead(plan: Plan, fields: readonly string[], rows: readonly ReturnType<typeof row>[]) {
  const { ways } = plan
  const [places, keys] = [ways.places === "asc" ? 1 : -1, ways.keys === "asc" ? 1 : -1]
  const place = ({ value }: { readonly value: unknown }) => placeIn(plan, fields, value)
  return rows.toSorted(
    (a, b) => places * compareKeys(place(a), place(b)) || keys * compareText(a.key, b.key),
  )
}

/** Where a value stands: in an index, or, where lanes of it are merged, in its lane. */
function placeIn({ lanes }: Plan, fields: readonly string[], value: unknown): Uint8Array {
  const place = indexKey(fields, value)
  const isIn = ({ start }: { readonly start: Uint8Array }) =>
    compareKeys(place.subarray(0, start.length), start) === 0
  return place.subarray(lanes?.find(isIn)?.start.length ?? 0)
}

/** How often a plan claimed something that was held against the rows, and how often it had several parts. */
const counted = { ordered: 0, exact: 0, ranges: 0, indexes: 0, lanes: 0, behind: 0 }

function expectRight(
  plan: Plan,
  asked: Query,
  declared: readonly (readonly string[])[],
  found: readonly unknown[],
): void {
  const rows = found.map((value, n) => row(`k${n}`, value))
  const [part] = plan.parts
  const fields = declared[part?.index ?? 0] ?? []
  if (plan.parts.length > 1) counted.indexes++
  if (plan.lanes !== undefined) {
    counted.lanes++
    expect([plan.lanes.flatMap(({ ranges }) => ranges), plan.isOrdered]).toEqual([
      part?.ranges,
      true,
    ])
    if (plan.behind !== undefined) counted.behind++
  }
  if ((part?.ranges.length ?? 0) > 1) counted.ranges++
  for (const { ranges } of plan.parts) {
    const bounds = ranges.flatMap(({ from, to }) => [from, to])
    expect(bounds).toEqual(bounds.toSorted(compareKeys))
  }
  const isWithin = ({ value }: { readonly value: unknown }) =>
    plan.parts.some(({ index, ranges }) => {
      const place = indexKey(declared[index] ?? [], value)
      return ranges.some(
        ({ from, to }) => compareKeys(from, place) <= 0 && compareKeys(place, to) < 0,
      )
    })
  const matching = rows.filter(entryTest(asked))
  expect(matching.filter((one) => !isWithin(one))).toEqual([])
  const { after: _, ...all } = asked
  if (plan.isExact) {
    counted.exact++
    expect(rows.filter(isWithin)).toEqual(rows.filter(entryTest(all)))
  }
  if (!plan.isOrdered) return
  counted.ordered++
  expect(plan.parts).toHaveLength(1)
  const sorted = matching.toSorted(entryOrder(asked.orderBy, asked.reverse))
  const read = asRead(plan, fields, matching)
  expect(read).toEqual(sorted)
  if (plan.behind === undefined) return
  const { place, key } = plan.behind
  for (const one of matching) {
    const order = compareKeys(placeIn(plan, fields, one.value), place)
    const isBehind =
      order === 0
        ? compareText(one.key, key) * (plan.ways.keys === "asc" ? 1 : -1) > 0
        : order * (plan.ways.places === "asc" ? 1 : -1) > 0
    expect(isBehind).toBe(true)
  }
}

describe("planQuery", () => {
  it("Z1 bounds all that a query finds, knows when that is exact, and when it is in order", () => {
    fc.assert(
      fc.property(query, indexes, values, (asked, declared, found) => {
        for (const plan of planQuery(asked, declared)) expectRight(plan, asked, declared, found)
      }),
      { numRuns: 20_000 },
    )
    expect(Math.min(...Object.values(counted))).toBeGreaterThan(20)
    expect(Math.min(counted.ordered, counted.exact)).toBeGreaterThan(200)
  })

  const plans: readonly (readonly [
    Query,
    readonly (readonly string[])[],
    (Partial<Plan> & { readonly index?: number | readonly number[] }) | undefined,
  ])[] = [
    [{ where: { a: 1 } }, [["b"], ["a"]], { index: 1, isExact: true, isOrdered: true }],
    [{ where: { a: 1 } }, [["a", "b"]], { isExact: true, isOrdered: false }],
    [{ where: { a: 1 }, orderBy: "b" }, [["a"], ["a", "b"]], { index: 1, isOrdered: true }],
    [{ where: { a: 1, b: 2 } }, [["a"], ["b", "a"]], { index: 1, isExact: true }],
    [{ where: { a: 1, c: 2 } }, [["a"]], { isExact: false, isOrdered: true }],
    [{ where: { $and: [{ a: 1 }, { b: { $gt: 2 } }] } }, [["a", "b"]], { isExact: true }],
    [{ where: { a: { $in: [2, 1, 2] } } }, [["a"]], { isExact: true, isOrdered: false }],
    [{ where: { a: { $in: [2, 1] } }, orderBy: "a", limit: 5 }, [["a"]], { isOrdered: true }],
    [{ where: { a: { $in: [2, 1] } }, limit: 5 }, [["a"]], { isOrdered: true, isFront: true }],
    [{ where: { a: { $in: [2, 1] } }, orderBy: "b", limit: 5 }, [["a", "b"]], { isOrdered: true }],
    [{ where: { a: { $in: [2, 1] } }, orderBy: "b" }, [["a", "b"]], { lanes: undefined }],
    [
      { where: { a: { $in: [2, 1] }, b: { $gt: 3 } }, orderBy: { b: "desc" }, limit: 5 },
      [["a", "b"]],
      { isOrdered: true, ways: { places: "desc", keys: "asc" } },
    ],
    [
      { where: { a: { $in: [2, 1] } }, orderBy: ["b", "a"], limit: 5 },
      [["a", "b"]],
      { isOrdered: false, lanes: undefined },
    ],
    [{ where: { a: { $in: [1, {}] } } }, [["a"]], { isExact: false }],
    [{ where: { a: { $in: [] } } }, [["a"]], { parts: [{ index: 0, ranges: [] }] }],
    [{ where: { a: { $in: [1, 2] }, b: 3 }, orderBy: "a" }, [["b", "a"]], { isOrdered: true }],
    [{ where: { a: { $in: [1, 2] }, b: 3 } }, [["a"], ["a", "b"]], { index: 1, isExact: true }],
    [{ where: { a: { $in: [1, 2], $gt: 1 } } }, [["a"]], { isExact: true, isOrdered: true }],
    [{ where: { $or: [{ a: 1 }, { a: 2 }] } }, [["a"]], { isExact: true, isOrdered: false }],
    [{ where: { $or: [{ a: 1 }, { a: { $gt: 5 } }] } }, [["a"]], { isExact: true }],
    [
      {
        where: {
          $or: [
            { a: 1, b: 2 },
            { a: 2, b: 1 },
          ],
        },
      },
      [["a", "b"]],
      { isExact: true },
    ],
    [{ where: { $or: [{ a: 1 }, { b: 2 }] } }, [["a"], ["b"]], { index: [0, 1], isExact: true }],
    [{ where: { $or: [{ a: 1 }, { b: 2 }], c: 3 } }, [["a"], ["c"]], { index: 1 }],
    [{ where: { $or: [{ a: 1 }, { b: 2 }] } }, [["a"]], undefined],
    [{ where: { $or: [{ a: 1 }, {}] } }, [["a"]], undefined],
    [{ where: { $or: [] } }, [["a"]], { parts: [{ index: 0, ranges: [] }] }],
    [{ where: { a: { $ne: 1 } } }, [["a"]], undefined],
    [{ where: { a: {} } }, [["a"]], { isExact: false }],
    [{ where: { a: { $gt: 1 } }, limit: 5 }, [["a"]], undefined],
    [{ where: { a: { $gt: 1 } } }, [["a"]], { isExact: true, isOrdered: false }],
    [{ where: { a: { $gt: 1 } }, orderBy: "a", limit: 5 }, [["a"]], { isOrdered: true }],
    [{ orderBy: "a" }, [["a"]], undefined],
    [{ orderBy: "a", limit: 5 }, [["a"]], { isFront: true, ways: { places: "asc", keys: "asc" } }],
    [
      { orderBy: "a", reverse: true, limit: 5 },
      [["a"]],
      { ways: { places: "desc", keys: "desc" } },
    ],
    [{ orderBy: { a: "desc" }, limit: 5 }, [["a"]], { ways: { places: "desc", keys: "asc" } }],
    [
      { orderBy: { a: "desc" }, reverse: true, limit: 5 },
      [["a"]],
      { ways: { places: "asc", keys: "desc" } },
    ],
    [{ orderBy: ["a", { b: "desc" }], limit: 5 }, [["a", "b"]], undefined],
    [{ orderBy: ["a", "b"], limit: 5 }, [["a"], ["a", "b", "c"]], undefined],
    [{ orderBy: "a", prefix: "k", limit: 5 }, [["a"]], undefined],
    [{ prefix: "k", where: { a: 1 } }, [["a"]], { isExact: false, isOrdered: true }],
    [{ where: { a: 1 }, reverse: true }, [["a"]], { ways: { places: "desc", keys: "desc" } }],
    [{ where: { a: 1, "": 2 } }, [["a"]], { isExact: false }],
    [{}, [["a"]], undefined],
  ]

  it.each(plans)("Z1 plans %j by %j", (asked, declared, expected) => {
    const [best] = planQuery(asked, declared)
    if (expected === undefined) return expect(best).toBeUndefined()
    const { index, ...claims } = expected
    expect(best).toMatchObject(claims)
    const used = best?.parts.map((part) => part.index)
    if (index !== undefined) expect(used).toEqual([index].flat())
  })
})
