import { useVirtualizer } from "@tanstack/react-virtual"
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from "react"
import type { PlaceEntry } from "../atlas/kinds.ts"
import { FIRST_SCREEN } from "../atlas/source.ts"
import { ColumnHeads, HEAD_HEIGHT } from "./column-heads.tsx"
import type { Marks } from "./hooks.ts"
import { type Column, nextSort, type Sort } from "./order.ts"
import type { Countries } from "./place-index.ts"
import { PlaceRow, ROW_HEIGHT, rowId } from "./place-row.tsx"

/** Room below the last row, in pixels, so that the button of the devtools covers none. */
const FOOT_HEIGHT = 24

export interface PlaceTableProps {
  readonly ref: RefObject<HTMLTableElement | null>
  readonly places: readonly PlaceEntry[]
  readonly marks: Marks
  readonly countries: Countries
  /** The key of the open place. */
  readonly selection: string | undefined
  readonly sort: Sort
  readonly onSort: (sort: Sort) => void
  readonly onOpen: (key: string) => void
  /** Closes what is open. */
  readonly onLeave: () => void
  readonly isLoaded: boolean
  /** Another one puts the table back to its top. */
  readonly resetKey: string
}

/** All places as rows, of which those in sight are in the page. */
export function PlaceTable(props: PlaceTableProps): ReactNode {
  const { ref, places, marks, countries, selection, sort, onSort, onOpen, resetKey } = props
  const [active, setActive] = useState(0)
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: places.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    // Before there is a window to measure, on the server, it shows the first screen.
    initialRect: { width: 0, height: FIRST_SCREEN * ROW_HEIGHT },
    // The heads stay at the top, over the rows.
    scrollMargin: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
    scrollPaddingEnd: FOOT_HEIGHT,
  })
  useResetOn(resetKey, () => {
    setActive(0)
    virtualizer.scrollToOffset(0)
  })
  useOnce(props.isLoaded, () => {
    const index = places.findIndex((entry) => entry.key === selection)
    if (index < 0) return
    // A page that opens with a place shows where that stands.
    setActive(index)
    virtualizer.scrollToIndex(index, { align: "center" })
  })
  const current = Math.min(active, places.length - 1)
  const activate = (index: number) => {
    const within = Math.max(0, Math.min(places.length - 1, index))
    setActive(within)
    virtualizer.scrollToIndex(within)
  }
  const open = useCallback(
    (index: number, key: string) => {
      setActive(index)
      onOpen(key)
    },
    [onOpen],
  )
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return // A head of a column has keys of its own.
    if (event.key === "Escape") return props.onLeave()
    const place = places[current]
    if ((event.key === "Enter" || event.key === " ") && place !== undefined) {
      event.preventDefault()
      return onOpen(place.key)
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1)
    const goal = goalOf(event.key, current, page, places.length)
    if (goal === undefined) return
    event.preventDefault()
    activate(goal)
  }
  return (
    <div className="rows" ref={scroller}>
      <table
        ref={ref}
        className="table"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its rows are moved through and opened.
        role="grid"
        tabIndex={0}
        aria-label="Places"
        aria-rowcount={places.length + 1}
        aria-activedescendant={current >= 0 ? rowId(current) : undefined}
        onKeyDown={onKeyDown}
      >
        <ColumnHeads sort={sort} onSort={(column: Column) => onSort(nextSort(sort, column))} />
        <tbody style={{ height: places.length * ROW_HEIGHT + FOOT_HEIGHT }}>
          {virtualizer.getVirtualItems().map(({ index }) => {
            const entry = places[index]
            if (entry === undefined) return null
            return (
              <PlaceRow
                key={entry.key}
                index={index}
                entry={entry}
                mark={marks.get(entry.key)}
                country={countries[entry.value.country] ?? entry.value.country}
                isActive={index === current}
                isSelected={entry.key === selection}
                onOpen={open}
              />
            )
          })}
        </tbody>
      </table>
      {places.length === 0 && <Nothing isLoaded={props.isLoaded} />}
    </div>
  )
}

function Nothing({ isLoaded }: { readonly isLoaded: boolean }): ReactNode {
  return (
    <p className="nothing">
      {isLoaded
        ? "No place is called so."
        : "Not among the first places; the others are on their way."}
    </p>
  )
}

/** Where a key leads from a row; `undefined` for other keys. */
function goalOf(key: string, from: number, page: number, count: number): number | undefined {
  const goals: Record<string, number> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + page,
    PageUp: from - page,
    Home: 0,
    End: count - 1,
  }
  return goals[key]
}

/** Calls back once, after the first render in which it may. */
function useOnce(may: boolean, call: () => void): void {
  const wasDone = useRef(false)
  useEffect(() => {
    if (wasDone.current || !may) return
    wasDone.current = true
    call()
  })
}

/** Calls back when a value is another one than in the render before. */
function useResetOn(value: string, reset: () => void): void {
  const before = useRef(value)
  useEffect(() => {
    if (before.current === value) return
    before.current = value
    reset()
  })
}
