import { openStore } from "@tidemark/core/better-sqlite3"
import { kinds } from "../atlas/kinds.ts"
import { citiesSource, readCities } from "../import/cities.ts"
import { importPlaces, isImported } from "../import/import-places.ts"
import { showProgress } from "../import/progress.ts"
import { dataFile } from "../server/data-file.ts"

/** Makes sure that the places are in the store; `ATLAS_LIMIT` asks for some of them only. */
export async function preparePlaces(env: NodeJS.ProcessEnv): Promise<void> {
  await using store = openStore({ path: dataFile(env), kinds, strict: true })
  const limit = env.ATLAS_LIMIT ? Number(env.ATLAS_LIMIT) : undefined
  if (await isImported(store, await citiesSource(limit))) return
  const cities = await readCities(limit)
  console.log(`Importing ${cities.places.length.toLocaleString("en")} places of GeoNames`)
  const progress = showProgress(cities.places.length)
  await importPlaces(store, cities, (rows) => progress.update(rows))
  progress.end()
}
