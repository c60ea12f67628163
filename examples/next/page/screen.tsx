"use client"

import { type ReactNode, useCallback, useDeferredValue, useMemo, useRef, useState } from "react"
import { FIRST_SCREEN } from "../atlas/source.ts"
import { Detail } from "./detail.tsx"
import { Head } from "./head.tsx"
import { useKind, useMarks } from "./hooks.ts"
import { BY_NAME, orderOf } from "./order.ts"
import { type Countries, indexPlaces } from "./place-index.ts"
import { PlaceTable } from "./place-table.tsx"
import { searchPlaces } from "./search.ts"
import { select, useSelection } from "./selection.ts"
import { StatusBar } from "./status-bar.tsx"
import { useIsPhone } from "./use-is-phone.ts"

export interface ScreenProps {
  readonly total: number
  readonly countries: Countries
}

/** The whole page: search above, the table with the detail beside it, the status below. */
export function Screen({ total, countries }: ScreenProps): ReactNode {
  const first = useKind("places", { limit: FIRST_SCREEN })
  const all = useKind("places")
  const marks = useMarks()
  const [text, setText] = useState("")
  const [sort, setSort] = useState(BY_NAME)
  const selection = useSelection()
  const isPhone = useIsPhone()
  const table = useRef<HTMLTableElement>(null)

  const isLoaded = all.length > 0
  // Typing and clicking come first; the table follows as soon as there is time.
  const entries = useDeferredValue(isLoaded ? all : first)
  const query = useDeferredValue(text)
  const wanted = useDeferredValue(sort)
  const index = useMemo(() => indexPlaces(entries, countries), [entries, countries])
  const order = useMemo(
    () => orderOf(index, wanted, marks, countries),
    [index, wanted, marks, countries],
  )
  const found = useMemo(() => searchPlaces(index, query, order), [index, query, order])

  const close = useCallback(() => {
    select(undefined)
    table.current?.focus()
  }, [])
  const isCovered = isPhone && selection !== undefined

  return (
    <div className="screen" data-detail={selection === undefined ? undefined : "open"}>
      <div className="main" inert={isCovered}>
        <Head
          text={text}
          onText={setText}
          onLeave={() => table.current?.focus()}
          found={query.trim() === "" ? (isLoaded ? all.length : total) : found.length}
          total={isLoaded ? all.length : total}
          isSearching={query.trim() !== ""}
        />
        <PlaceTable
          ref={table}
          places={found}
          marks={marks}
          countries={countries}
          selection={selection}
          sort={sort}
          onSort={setSort}
          onOpen={select}
          onLeave={close}
          isLoaded={entries === all}
          resetKey={`${query}/${wanted.column}/${wanted.descending}`}
        />
      </div>
      {selection !== undefined && (
        <Detail key={selection} id={selection} countries={countries} onClose={close} />
      )}
      <StatusBar isLoaded={isLoaded} isCovered={isCovered} />
    </div>
  )
}
