import type { PlaceEntry } from "../atlas/kinds.ts"
import { plainNameOf } from "../atlas/place-key.ts"
import { plainText } from "../atlas/plain-text.ts"

/** Country names by their code. */
export type Countries = Readonly<Record<string, string>>

/** Places in the order of their names, ready to be searched. */
export interface PlaceIndex {
  readonly entries: readonly PlaceEntry[]
  /** The plain name of each. */
  readonly names: readonly string[]
  /** Which area each is in. */
  readonly areaOf: Uint16Array
  /** The plain names of the areas, region and country. */
  readonly areas: readonly string[]
}

/** Prepares entries for search. They come in the order of their keys, which is the order of names. */
export function indexPlaces(entries: readonly PlaceEntry[], countries: Countries): PlaceIndex {
  const names: string[] = new Array(entries.length)
  const areaOf = new Uint16Array(entries.length)
  const areas: string[] = []
  const numbers = new Map<string, number>()
  for (const [index, { key, value }] of entries.entries()) {
    names[index] = plainNameOf(key)
    const area = `${value.country}/${value.region}`
    let number = numbers.get(area)
    if (number === undefined) {
      number = areas.push(plainText(`${value.region} ${countries[value.country] ?? ""}`)) - 1
      numbers.set(area, number)
    }
    areaOf[index] = number
  }
  return { entries, names, areaOf, areas }
}

/** Where the place of a key stands; -1 where there is none. */
export function indexOfKey({ entries }: PlaceIndex, key: string): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((entries[middle] as PlaceEntry).key < key) low = middle + 1
    else high = middle
  }
  return entries[low]?.key === key ? low : -1
}
