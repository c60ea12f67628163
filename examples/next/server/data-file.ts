import { mkdirSync } from "node:fs"
import path from "node:path"

/** The folder of the data: `ATLAS_DATA`, by default `data` in the example's. */
export function dataFolder(env: NodeJS.ProcessEnv = process.env): string {
  return path.resolve(/* turbopackIgnore: true */ env.ATLAS_DATA || "data")
}

/** The file of the store. Makes its folder where there is none. */
export function dataFile(env: NodeJS.ProcessEnv = process.env): string {
  const folder = dataFolder(env)
  mkdirSync(folder, { recursive: true })
  return path.join(folder, "atlas.db")
}
