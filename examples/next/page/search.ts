import type { PlaceEntry } from "../atlas/kinds.ts"
import { plainText } from "../atlas/plain-text.ts"
import type { PlaceIndex } from "./place-index.ts"

/** How well a place answers a query; the lower, the better. */
const RANKS = 4

/** Each word has a bit of a number. */
const MOST_WORDS = 30

/**
 * The places that have every word of a query in their name, or at the front of a word of their
 * region or country: "paris texas". In the given order of indices, by name when there is none;
 * by name, those that begin like the query come first.
 */
export function searchPlaces(
  index: PlaceIndex,
  query: string,
  order?: Uint32Array,
): readonly PlaceEntry[] {
  const { entries } = index
  const plain = plainText(query)
  if (plain === "") return order === undefined ? entries : pick(entries, order)
  const rankOf = ranking(index, plain)
  const ranks: PlaceEntry[][] = Array.from({ length: RANKS }, () => [])
  for (let at = 0; at < entries.length; at++) {
    const place = order === undefined ? at : (order[at] as number)
    const rank = rankOf(place)
    if (rank < RANKS) ranks[order === undefined ? rank : 0]?.push(entries[place] as PlaceEntry)
  }
  return ranks.flat()
}

/** Ranks a place for a plain query; `RANKS` is none. */
function ranking({ names, areaOf, areas }: PlaceIndex, plain: string): (place: number) => number {
  const words = plain.split("-", MOST_WORDS)
  const front = words[0] ?? ""
  // Areas are few and places many: which words an area has is asked once, one bit for each word.
  const inArea = areas.map((area) => {
    const padded = `-${area}`
    return words.reduce(
      (bits, word, bit) => (padded.includes(`-${word}`) ? bits | (1 << bit) : bits),
      0,
    )
  })
  const all = (1 << words.length) - 1
  return (place) => {
    const name = names[place] as string
    const area = inArea[areaOf[place] as number] as number
    let inName = 0
    for (let bit = 0; bit < words.length; bit++) {
      if (name.includes(words[bit] as string)) inName |= 1 << bit
    }
    if ((inName | area) !== all) return RANKS
    if (name.startsWith(plain)) return 0
    if (name.startsWith(front)) return 1
    return inName === 0 ? 3 : 2
  }
}

function pick(entries: readonly PlaceEntry[], order: Uint32Array): readonly PlaceEntry[] {
  return Array.from(order, (place) => entries[place] as PlaceEntry)
}
