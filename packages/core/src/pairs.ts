import { StoreError } from "./errors.ts"

/**
 * The keys and values that many entries were given as.
 *
 * @throws StoreError `invalid_value` for what is neither an object, a Map nor a list of pairs.
 */
export function pairsOf(kind: string, entries: unknown): readonly (readonly [string, unknown])[] {
  if (typeof entries === "object" && entries !== null) {
    if (!(Symbol.iterator in entries)) return Object.entries(entries)
    const pairs = [...(entries as Iterable<readonly [string, unknown]>)]
    if (pairs.every((pair) => Array.isArray(pair) && pair.length === 2)) return pairs
  }
  throw new StoreError("invalid_value", `${kind}: setMany() was given no entries`, {
    details: { kind },
    hint: "Give an object or a Map of values by key, or [key, value] pairs",
  })
}
