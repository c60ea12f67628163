import { dehydrate } from "@tidemark/react/server"
import type { ReactNode } from "react"
import { countryNames } from "../atlas/countries.ts"
import { FIRST_SCREEN } from "../atlas/source.ts"
import { Atlas } from "../page/atlas.tsx"
import { atlas } from "../server/atlas.ts"

export const dynamic = "force-dynamic"

const countries = countryNames()

/** The first screen, from the store: it can be read before any script runs. */
export default async function Page(): Promise<ReactNode> {
  const { store } = atlas()
  const [state, total] = await Promise.all([
    dehydrate(store, [["places", { limit: FIRST_SCREEN }], ["marks"]]),
    store.count("places"),
  ])
  return <Atlas state={state} total={total} countries={countries} />
}
