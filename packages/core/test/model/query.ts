import type { Query } from "@tidemark/core"
import fc from "fast-check"
import type { ModelRow } from "./model.ts"

/** The queries that the model can answer: values are numbers, or have the fields `n` and `t`. */
export const queries: fc.Arbitrary<Query> = fc
  .record(
    {
      where: fc.oneof(
        fc.record({ n: fc.integer({ min: 0, max: 3 }) }, { noNullPrototype: true }),
        fc.integer({ min: 0, max: 3 }).map(($gte) => ({ n: { $gte } })),
        fc.constant({ $not: { t: "x" } }),
        fc.constant({ $or: [{ n: 1 }, { t: { $in: ["x", "y"] } }] }),
      ),
      prefix: fc.constantFrom("", "a", "é", "a%", "A"),
      orderBy: fc.constantFrom("n", [{ t: "desc" }, "n"], [{ n: "desc" }]),
      reverse: fc.boolean(),
      limit: fc.integer({ min: 0, max: 4 }),
      offset: fc.integer({ min: 0, max: 3 }),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .map((query) => query as Query)

/** What a query finds among the entries of a kind, which are in key order. */
export function answer(entries: readonly ModelRow[], query: Query): ModelRow[] {
  const found = entries.filter(
    ({ key, value }) => key.startsWith(query.prefix ?? "") && passes(query.where, value),
  )
  const terms = [query.orderBy ?? []].flat() as (string | Record<string, string>)[]
  // The sort is stable, and what comes in is in key order.
  found.sort((a, b) => {
    for (const term of terms) {
      const [name, way] = typeof term === "string" ? [term, "asc"] : (Object.entries(term)[0] ?? [])
      const order = compare(field(a.value, name ?? ""), field(b.value, name ?? ""))
      if (order !== 0) return way === "desc" ? -order : order
    }
    return 0
  })
  if (query.reverse) found.reverse()
  const start = query.offset ?? 0
  return found.slice(start, query.limit === undefined ? undefined : start + query.limit)
}

function passes(where: unknown, value: unknown): boolean {
  if (where === undefined) return true
  return Object.entries(where as Record<string, unknown>).every(([name, wanted]) => {
    if (name === "$not") return !passes(wanted, value)
    if (name === "$or") return (wanted as unknown[]).some((part) => passes(part, value))
    const found = field(value, name)
    if (typeof wanted !== "object" || wanted === null) return found === wanted
    const { $gte, $in } = wanted as { $gte?: number; $in?: unknown[] }
    if ($in !== undefined) return $in.includes(found)
    return typeof found === "number" && found >= ($gte as number)
  })
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}

/** Absent before numbers before texts, as all engines order. */
function compare(a: unknown, b: unknown): number {
  const rank = (value: unknown) => (value === undefined ? 0 : typeof value === "number" ? 1 : 2)
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  if (typeof a === "number" && typeof b === "number") return a - b
  if (a === undefined) return 0
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)))
}
