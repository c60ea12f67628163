import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { fieldOf } from "../src/field.ts"
import { entryTest } from "../src/match.ts"
import { checkQuery, type Query, queryId, type Where } from "../src/query.ts"
import { row } from "./row.ts"

const json = fc.jsonValue({ maxDepth: 2 })
const where = fc.dictionary(fc.string({ maxLength: 4 }), json, { maxKeys: 4 })

describe("queryId", () => {
  it("Z3 is the same for queries that differ in the order of names only", () => {
    fc.assert(
      fc.property(where, fc.nat(9), (conditions, limit) => {
        const query: Query = { where: conditions, limit }
        expect(queryId(query)).toBe(queryId({ limit, where: backwards(conditions) as Where }))
      }),
    )
  })

  it("G3 knows of a cursor only what the order looks at", () => {
    const at = (value: unknown): Query => ({ orderBy: "deep.n", after: { key: "a", value } })
    expect(queryId(at({ deep: { n: 1, m: 1 } }))).toBe(queryId(at({ deep: { n: 1 }, m: 2 })))
    expect(queryId({ after: { key: "a", value: 1 } })).toBe(queryId({ after: "a" }))
  })

  it("Z3 differs for queries that ask for different things", () => {
    const queries: Query[] = [
      {},
      { limit: 1 },
      { offset: 1 },
      { reverse: true },
      { prefix: "a" },
      { after: "a" },
      { after: "b" },
      { after: { key: "a", value: {} }, orderBy: "a" },
      { after: { key: "a", value: { a: null } }, orderBy: "a" },
      { after: { key: "a", value: { a: 1 } }, orderBy: "a" },
      { where: { a: 1 } },
      { where: { a: "1" } },
      { where: { a: [1, 2] } },
      { where: { a: [2, 1] } },
      { orderBy: "a" },
      { orderBy: ["a", "b"] },
      { orderBy: ["b", "a"] },
      { orderBy: { a: "asc", b: "asc" } },
      { orderBy: { b: "asc", a: "asc" } },
      { orderBy: [{ a: "asc", b: "asc" }] },
      { orderBy: [{ b: "asc", a: "asc" }] },
    ]
    expect(new Set(queries.map(queryId)).size).toBe(queries.length)
  })
})

function backwards(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(backwards)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, part]) => [name, backwards(part)]),
  )
}

describe("checkQuery", () => {
  it.each([
    [{ limit: -1 }, "limit is -1"],
    [{ limit: Number.POSITIVE_INFINITY }, "limit is Infinity"],
    [{ offset: 1.5 }, "offset is 1.5"],
    [{ wehre: {} }, 'there is no "wehre"'],
    [{ where: 7 }, "where has 7"],
    [{ where: [] }, "where has []"],
    [{ where: { $nor: [] } }, 'there is no "$nor"'],
    [{ where: { $and: {} } }, "$and is not a list"],
    [{ where: { $or: [null] } }, "where has null"],
    [{ where: { $not: { n: { $ge: 1 } } } }, 'there is no "$ge"'],
    [{ where: { n: { $gt: 1, lt: 2 } } }, 'there is no "lt"'],
    [{ where: { n: { $in: "abc" } } }, "$in is not a list"],
    [{ where: { n: undefined } }, "where.n is not JSON"],
    [{ where: { $or: [{ n: Number.NaN }] } }, "where.$or[0].n is not JSON"],
    [{ where: { when: new Date(0) } }, "where.when is not JSON"],
    [{ where: { n: 1n } }, "where.n is not JSON"],
    [{ orderBy: 7 }, "orderBy has 7"],
    [{ orderBy: { n: "down" } }, 'orderBy has "down"'],
    [{ orderBy: ["n", null] }, "orderBy has null"],
    [{ after: 7 }, "after is 7"],
    [{ after: null }, "after is null"],
    [{ after: { key: "a" } }, "after is [object Object]"],
    [{ after: "a", orderBy: "n" }, "after is a key, but the order is not by key"],
    [{ after: { key: "a", value: { n: 1n } }, orderBy: "n" }, "after.value.n is not JSON"],
  ])("Z1 refuses the query %o: %s", (query, what) => {
    expect(() => checkQuery(query as Query)).toThrow(
      expect.objectContaining({
        code: "invalid_value",
        message: expect.stringContaining(what),
        hint: expect.stringMatching(/\w/),
      }),
    )
  })

  it.each([
    { prefix: 7 },
    { prefix: "\ud83d" },
    { after: "\ud83d" },
    { after: { key: 7, value: 1 } },
  ])("G3 refuses the query %o: no key can be compared with it", (query) => {
    expect(() => checkQuery(query as Query)).toThrow(
      expect.objectContaining({ code: "invalid_key" }),
    )
  })

  it("Z1 accepts every part of a query, and parts that are undefined", () => {
    checkQuery({
      where: {
        a: 1,
        "b.c": null,
        d: { $gte: 1, $in: [1, "2", null] },
        $or: [{ a: 1 }, { $not: {} }],
      },
      prefix: "p",
      orderBy: ["a", { b: "desc", c: "asc" }],
      reverse: true,
      after: { key: "k", value: { a: 1, when: new Date(0) } },
      limit: 0,
      offset: 0,
    })
    checkQuery({ after: "k" })
    checkQuery({ where: undefined, orderBy: undefined, limit: undefined } as unknown as Query)
  })
})

describe("entryTest", () => {
  const matches = (query: Query, value: unknown) => entryTest(query)(row("key", value))

  it("Z1 compares sizes inside one type only", () => {
    for (const value of [null, true, "5", undefined, [5], { n: 5 }]) {
      expect(matches({ where: { n: { $gt: 1 } } }, { n: value ?? null })).toBe(false)
      expect(matches({ where: { n: { $lte: 9 } } }, { n: value ?? null })).toBe(false)
    }
    expect(matches({ where: { n: { $gt: "1" } } }, { n: "5" })).toBe(true)
  })

  it("Z1 finds own fields only, so that names of prototypes are data or absent", () => {
    for (const name of ["constructor", "toString", "__proto__", "length"]) {
      expect(fieldOf({}, name)).toBeUndefined()
    }
    expect(fieldOf(JSON.parse('{"__proto__":{"x":1}}'), "__proto__.x")).toBe(1)
    expect(fieldOf("text", "length")).toBeUndefined()
    expect(fieldOf(null, "a.b")).toBeUndefined()
    expect(fieldOf({ a: [{ b: 1 }] }, "a.0.b")).toBe(1)
  })

  it("Z1 not, and, or follow their logic for any condition and value", () => {
    fc.assert(
      fc.property(where.filter(isPlain), where.filter(isPlain), json, (p, q, value) => {
        const [isP, isQ] = [matches({ where: p }, value), matches({ where: q }, value)]
        expect(matches({ where: { $not: p } }, value)).toBe(!isP)
        expect(matches({ where: { $and: [p, q] } }, value)).toBe(isP && isQ)
        expect(matches({ where: { $or: [p, q] } }, value)).toBe(isP || isQ)
      }),
    )
  })

  it("Z1 prefix is literal and is combined with where", () => {
    const found = entryTest({ prefix: "a%", where: { n: 1 } })
    expect(found(row("a%b", { n: 1 }))).toBe(true)
    expect(found(row("a%b", { n: 2 }))).toBe(false)
    expect(found(row("axb", { n: 1 }))).toBe(false)
  })
})

/** Whether a condition has no name that means an operator. */
function isPlain(value: unknown): boolean {
  return !JSON.stringify(value).includes('"$')
}
