import type { PlaceEntry } from "../atlas/kinds.ts"
import type { Marks } from "./hooks.ts"
import { type Countries, indexOfKey, type PlaceIndex } from "./place-index.ts"

/** What the table can be sorted by. */
export type Column = "name" | "country" | "latitude" | "stars"

/** A column and a direction. */
export interface Sort {
  readonly column: Column
  readonly descending: boolean
}

/** The order of the first screen: that of the names. */
export const BY_NAME: Sort = { column: "name", descending: false }

/** What a click on a column's head asks for: its usual direction first, then the other. */
export function nextSort(sort: Sort, column: Column): Sort {
  if (sort.column === column) return { column, descending: !sort.descending }
  return { column, descending: column === "stars" || column === "latitude" }
}

/** The places in a sort, as indices; `undefined` for the order in which they are. Ties go by name. */
export function orderOf(
  index: PlaceIndex,
  { column, descending }: Sort,
  marks: Marks,
  countries: Countries,
): Uint32Array | undefined {
  if (column === "name" && !descending) return undefined
  const { entries } = index
  if (column === "name") return byRank(entries, (_, place) => -place)
  const sign = descending ? -1 : 1
  if (column === "latitude") return byRank(entries, ({ value }) => sign * value.lat)
  if (column === "stars") return byStars(index, marks, descending)
  const rank = rankOfCountries(countries)
  return byRank(entries, ({ value }) => sign * (rank.get(value.country) ?? rank.size))
}

function byRank(
  entries: readonly PlaceEntry[],
  rankOf: (entry: PlaceEntry, place: number) => number,
): Uint32Array {
  const ranks = Float64Array.from(entries, rankOf)
  const order = Uint32Array.from(entries, (_, place) => place)
  return order.sort((a, b) => (ranks[a] as number) - (ranks[b] as number) || a - b)
}

/** Few places have stars: only they are sorted, the others stay as they are. */
function byStars(index: PlaceIndex, marks: Marks, descending: boolean): Uint32Array {
  const starred = [...marks.values()]
    .filter(({ value }) => value.stars > 0)
    .map(({ key, value }) => ({ place: indexOfKey(index, key), stars: value.stars }))
    .filter(({ place }) => place >= 0)
    .sort((a, b) => (descending ? b.stars - a.stars : a.stars - b.stars) || a.place - b.place)
    .map(({ place }) => place)
  const isStarred = new Set(starred)
  const others: number[] = []
  for (let place = 0; place < index.entries.length; place++) {
    if (!isStarred.has(place)) others.push(place)
  }
  return Uint32Array.from(descending ? starred.concat(others) : others.concat(starred))
}

function rankOfCountries(countries: Countries): ReadonlyMap<string, number> {
  const { compare } = new Intl.Collator("en")
  const codes = Object.entries(countries).sort(([, a], [, b]) => compare(a, b))
  return new Map(codes.map(([code], rank) => [code, rank]))
}
