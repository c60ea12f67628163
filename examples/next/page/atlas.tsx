"use client"

import { type DehydratedState, HydrationBoundary, StoreProvider } from "@tidemark/react"
import { type ReactNode, useEffect } from "react"
import { clientStore } from "../browser/client-store.ts"
import { keepPageOffline } from "../browser/offline-page.ts"
import type { Countries } from "./place-index.ts"
import { Screen } from "./screen.tsx"

export interface AtlasProps {
  readonly state: DehydratedState
  /** How many places there are. */
  readonly total: number
  readonly countries: Countries
}

/** The application: what the server has read, then this tab's own store. */
export function Atlas({ state, total, countries }: AtlasProps): ReactNode {
  useEffect(keepPageOffline, [])
  return (
    <StoreProvider store={clientStore()}>
      <HydrationBoundary state={state}>
        <Screen total={total} countries={countries} />
      </HydrationBoundary>
    </StoreProvider>
  )
}
