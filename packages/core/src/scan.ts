import { run } from "./awaitable.ts"
import { rangeOf } from "./collect.ts"
import { type Entry, isPresent } from "./entry.ts"
import { StoreError } from "./errors.ts"
import { entryTest } from "./match.ts"
import { readPage, type Source } from "./page.ts"
import { cursorOf, type Query } from "./query.ts"

/** How many rows are in memory at once. */
const PAGE = 500

/**
 * The entries of a query in key order, read page by page as the loop goes on. Each loop begins
 * anew. `goOn` is called before each entry and throws to end the loop; `give` makes an entry what
 * may leave the store.
 *
 * @throws StoreError `unsupported` for an order that only a whole list can be sorted into.
 */
export function scan(
  source: Source,
  kind: string,
  query: Query,
  goOn: () => void,
  give: (entry: Entry) => Entry,
): AsyncIterable<Entry> {
  if (query.orderBy !== undefined) {
    throw new StoreError("unsupported", `A scan of ${kind} goes in the order of keys only`, {
      details: { kind },
      hint: "Leave orderBy out, or use list()",
    })
  }
  return { [Symbol.asyncIterator]: () => scanning(source, kind, query, goOn, give) }
}

async function* scanning(
  source: Source,
  kind: string,
  query: Query,
  goOn: () => void,
  give: (entry: Entry) => Entry,
): AsyncGenerator<Entry, void, undefined> {
  const matches = entryTest(query)
  let toSkip = query.offset ?? 0
  let left = query.limit ?? Number.POSITIVE_INFINITY
  let after = cursorOf(query)?.key
  while (left > 0) {
    goOn()
    // Without a condition no more rows are needed than entries are wanted.
    const size = query.where === undefined ? Math.min(PAGE, toSkip + left) : PAGE
    const { rows, next } = await run(readPage(source, kind, rangeOf(query, after, size)))
    for (const row of rows) {
      if (!isPresent(row, source.now()) || !matches(row)) continue
      if (toSkip > 0) {
        toSkip--
        continue
      }
      goOn()
      yield give(row)
      if (--left === 0) return
    }
    if (next === undefined) return
    after = next
  }
}
