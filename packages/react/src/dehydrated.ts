import type { Entry } from "@tidemark/core"

/** What a server has read for the first screen. Plain JSON: it travels in the page. */
export interface DehydratedState {
  /** The sequence that `seq` is of. */
  readonly epoch: string
  /** The position at which it was read. */
  readonly seq: number
  readonly keys: readonly DehydratedKey[]
  readonly lists: readonly DehydratedList[]
}

/** One entry, `null` where there is none. */
export type DehydratedKey = readonly [kind: string, key: string, entry: Entry | null]

/** What a query found; the query by its `queryId`. */
export type DehydratedList = readonly [kind: string, queryId: string, entries: readonly Entry[]]
