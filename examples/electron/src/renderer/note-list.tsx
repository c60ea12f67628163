import { useVirtualizer } from "@tanstack/react-virtual"
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react"
import type { NoteEntry } from "./note-entry.ts"
import { NoteRow, rowId } from "./note-row.tsx"

export interface NoteListProps {
  readonly notes: readonly NoteEntry[]
  readonly selected: string | undefined
  /** Whether the list is what a search has found. */
  readonly isSearch: boolean
  readonly onSelect: (key: string) => void
  /** The chosen note is to be written in. */
  readonly onOpen: () => void
  readonly onDelete: (key: string) => void
}

/** The height of a row, in pixels; the styles have it too. */
const ROW = 68

/** The notes as a list box: as many rows as the window shows, whatever their number. */
export function NoteList(props: NoteListProps): ReactNode {
  const { notes, selected, isSearch, onSelect, onOpen, onDelete } = props
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: notes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => notes[index]?.key ?? index,
    overscan: 6,
  })
  const place = notes.findIndex(({ key }) => key === selected)
  useEffect(() => {
    if (place >= 0) rows.scrollToIndex(place)
  }, [rows, place])

  const walk = (event: KeyboardEvent) => {
    const key = event.ctrlKey || event.metaKey || event.altKey ? "" : event.key
    const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: notes.length - 1 }[key]
    const next = to === undefined ? undefined : notes[Math.max(0, to)]
    if (next !== undefined) onSelect(next.key)
    else if (key === "Enter") onOpen()
    else if ((key === "Delete" || key === "Backspace") && place >= 0) onDelete(selected as string)
    else return
    event.preventDefault()
  }

  if (notes.length === 0) {
    return <p className="list-empty">{isSearch ? "Nothing found" : "No notes yet"}</p>
  }
  return (
    <div
      className="list"
      ref={scroller}
      role="listbox"
      aria-label="Notes"
      aria-activedescendant={selected === undefined ? undefined : rowId(selected)}
      tabIndex={0}
      onKeyDown={walk}
    >
      <div className="list-rows" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const entry = notes[index]
          return (
            entry && (
              <NoteRow
                key={entry.key}
                entry={entry}
                isSelected={entry.key === selected}
                top={start}
                onSelect={onSelect}
              />
            )
          )
        })}
      </div>
    </div>
  )
}
