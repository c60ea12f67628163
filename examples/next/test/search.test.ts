import { describe, expect, it } from "vitest"
import type { Mark, MarkEntry, PlaceEntry } from "../atlas/kinds.ts"
import { placeKey } from "../atlas/place-key.ts"
import { BY_NAME, nextSort, orderOf, type Sort } from "../page/order.ts"
import { indexOfKey, indexPlaces } from "../page/place-index.ts"
import { searchPlaces } from "../page/search.ts"

const countries = { DE: "Germany", FR: "France", PA: "Panama", US: "United States" }
const entries = [
  entry("Cormeilles-en-Parisis", "FR", "Île-de-France", 48.97),
  entry("Port of Paris", "US", "Maine", 44.2),
  entry("Paris", "FR", "Île-de-France", 48.85),
  entry("Parish", "US", "Texas", 30),
  entry("Paris", "US", "Texas", 33.66),
  entry("París", "PA", "Herrera Province", 8.03),
  entry("Zwickau", "DE", "Saxony", 50.72),
].sort((a, b) => (a.key < b.key ? -1 : 1))
const index = indexPlaces(entries, countries)

describe("search", () => {
  it("gives everything, in order, for nothing", () => {
    expect(searchPlaces(index, "  ")).toEqual(entries)
  })

  it("puts names that begin like the query first, then others that have it", () => {
    expect(found("PARÍS")).toEqual([
      "Paris FR",
      "París PA",
      "Paris US",
      "Parish US",
      "Cormeilles-en-Parisis FR",
      "Port of Paris US",
    ])
  })

  it("takes words from the name, the region and the country, in any order", () => {
    expect(found("paris texas")).toEqual(["Paris US", "Parish US"])
    expect(found("texas paris")).toEqual(["Paris US", "Parish US"])
    expect(found("germany")).toEqual(["Zwickau DE"])
    expect(found("paris saxony")).toEqual([])
    expect(found("xony")).toEqual([]) // Of a region the front of a word counts.
  })

  it("keeps the order of another sort", () => {
    const north = orderOf(index, sort("latitude", true), new Map(), countries)
    expect(searchPlaces(index, "paris", north).map(nameOf)).toEqual([
      "Cormeilles-en-Parisis FR",
      "Paris FR",
      "Port of Paris US",
      "Paris US",
      "Parish US",
      "París PA",
    ])
  })
})

describe("sorting", () => {
  it("leaves names as they are, and turns them round", () => {
    expect(orderOf(index, BY_NAME, new Map(), countries)).toBeUndefined()
    expect(sorted("name", true)).toEqual(entries.map(nameOf).reverse())
  })

  it("goes by the names of countries, and by name within one", () => {
    expect(sorted("country", false).slice(0, 4)).toEqual([
      "Cormeilles-en-Parisis FR",
      "Paris FR",
      "Zwickau DE",
      "París PA",
    ])
  })

  it("goes by stars, and all without stars stay in the order of names", () => {
    const marks = new Map([mark("Zwickau", 5), mark("Parish", 3), mark("Port of Paris", 0)])
    const order = orderOf(index, sort("stars", true), marks, countries)
    expect(searchPlaces(index, "", order).map(nameOf)).toEqual([
      "Zwickau DE",
      "Parish US",
      "Cormeilles-en-Parisis FR",
      "Paris FR",
      "París PA",
      "Paris US",
      "Port of Paris US",
    ])
  })

  it("begins with the usual direction of a column, and turns round at the next click", () => {
    expect(nextSort(BY_NAME, "stars")).toEqual(sort("stars", true))
    expect(nextSort(BY_NAME, "country")).toEqual(sort("country", false))
    expect(nextSort(sort("country", false), "country")).toEqual(sort("country", true))
  })

  it("finds a place by its key", () => {
    for (const [at, { key }] of entries.entries()) expect(indexOfKey(index, key)).toBe(at)
    expect(indexOfKey(index, "paris,xx,0,0")).toBe(-1)
  })
})

function found(query: string): string[] {
  return searchPlaces(index, query).map(nameOf)
}

function sorted(column: Sort["column"], descending: boolean): string[] {
  const order = orderOf(index, sort(column, descending), new Map(), countries)
  return searchPlaces(index, "", order).map(nameOf)
}

function sort(column: Sort["column"], descending: boolean): Sort {
  return { column, descending }
}

function nameOf({ value }: PlaceEntry): string {
  return `${value.name} ${value.country}`
}

function entry(name: string, country: string, region: string, lat: number): PlaceEntry {
  const value = { name, country, region, lat, lng: 1 }
  return { kind: "places", key: placeKey(value), value, version: 1, seq: 1, updatedAt: 0 }
}

function mark(name: string, stars: number): [string, MarkEntry] {
  const { key } = entries.find(({ value }) => value.name === name) as PlaceEntry
  const value: Mark = { note: "", stars, tags: [] }
  return [key, { kind: "marks", key, value, version: 1, seq: 1, updatedAt: 0 }]
}
