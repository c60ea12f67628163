import fc from "fast-check"
import type { OrderBy, Query, Where } from "../src/query.ts"

/** Few fields and few values, so that ties, gaps and matches are frequent. */
const FIELDS = ["a", "b", "c.d"]

const leaf = fc.constantFrom<unknown>(
  ...[null, false, true, -1, -0, 0, 1, 1.5, 2, "", "\0", "a", "ab", "b", "é", "\ud800", {}, [1]],
)

/** Values whose fields queries ask for; some lack them, some are no objects. */
export const value: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ a: leaf, b: leaf, c: fc.record({ d: leaf }) }, { requiredKeys: [] }),
  },
  { weight: 1, arbitrary: leaf },
)

/** Values of the entries of a kind. */
export const values: fc.Arbitrary<unknown[]> = fc.array(value, { maxLength: 30 })

/** Declared indexes. */
export const indexes: fc.Arbitrary<string[][]> = fc.array(
  fc.uniqueArray(fc.constantFrom(...FIELDS), { minLength: 1, maxLength: 3 }),
  { minLength: 1, maxLength: 3 },
)

const sized = fc.constantFrom<number | string>(-1, 0, 1, 1.5, 2, "", "a", "ab")
const comparison = fc.oneof(
  fc.record({ $gt: sized, $gte: sized, $lt: sized, $lte: sized }, { requiredKeys: [] }),
  fc.record({ $eq: leaf }),
  fc.record({ $eq: leaf, $gt: sized }),
  fc.record({ $ne: leaf }),
  fc.record({ $in: fc.array(leaf, { maxLength: 3 }) }),
  fc.record({ $in: fc.uniqueArray(leaf, { minLength: 2, maxLength: 4 }) }),
  fc.record({ $prefix: fc.constantFrom("", "a", "ab", "\0") }),
)

const simple = fc.dictionary(fc.constantFrom(...FIELDS), fc.oneof(leaf, leaf, comparison), {
  maxKeys: 2,
})
const where = fc.oneof(
  { weight: 6, arbitrary: simple },
  { weight: 1, arbitrary: fc.record({ $and: fc.array(simple, { maxLength: 3 }), a: leaf }) },
  { weight: 1, arbitrary: fc.record({ $or: fc.array(simple, { maxLength: 3 }), b: leaf }) },
  { weight: 2, arbitrary: fc.record({ $or: fc.array(simple, { minLength: 2, maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ $not: simple }) },
) as fc.Arbitrary<Where>

const term = fc.oneof(
  fc.constantFrom(...FIELDS),
  fc.tuple(fc.constantFrom(...FIELDS), fc.constantFrom("asc", "desc")).map(([field, way]) => ({
    [field]: way,
  })),
)
const orderBy = fc.oneof(
  term,
  fc.array(term, { minLength: 1, maxLength: 3 }),
) as fc.Arbitrary<OrderBy>

const key = fc.nat(30).map((n) => `k${n}`)
const paging = {
  where,
  reverse: fc.boolean(),
  limit: fc.nat(12),
  offset: fc.nat(4),
  prefix: fc.constantFrom("k", "k1"),
}

/** Queries that `checkQuery` takes. */
export const query: fc.Arbitrary<Query> = fc.oneof(
  fc.record({ ...paging, after: key }, { requiredKeys: [] }),
  fc.record({ ...paging, orderBy }, { requiredKeys: ["orderBy"] }),
  fc.record(
    { ...paging, orderBy, after: fc.record({ key, value }) },
    { requiredKeys: ["orderBy", "after"] },
  ),
)
