import type { Query } from "@tidemark/core"

/** How many entries a page has without a `limit`. */
const PAGE = 50

/** How many entries a page of a list has. */
export function pageSize(query: Query): number {
  return query.limit ?? PAGE
}

/** What is read for the first page of a list: one more than it shows tells whether there are more. */
export function firstPageOf<Q extends Query>(query: Q): Q {
  return { ...query, limit: pageSize(query) + 1 }
}
