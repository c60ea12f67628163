import { Hydrated, readRequest } from "@tidemark/react/next"
import type { ReactNode } from "react"
import { countryNames } from "../atlas/countries.ts"
import { FIRST_SCREEN } from "../atlas/source.ts"
import { Atlas } from "../page/atlas.tsx"
import { Screen } from "../page/screen.tsx"
import { atlas } from "../server/atlas.ts"

const countries = countryNames()

/** The first screen, from the store: it can be read before any script runs. */
export default async function Page(): Promise<ReactNode> {
  const reader = await readRequest(atlas)
  return (
    <Atlas>
      <Hydrated store={atlas} read={[["places", { limit: FIRST_SCREEN }], ["marks"]]}>
        <Screen total={await reader.count("places")} countries={countries} />
      </Hydrated>
    </Atlas>
  )
}
