import { useCallback } from "react"
import { useKey, useStore } from "./hooks.ts"
import type { NoteEntry } from "./note-entry.ts"
import { useReport } from "./toasts.tsx"

export interface Selection {
  /** The note that this window shows: the first one, until a person has chosen. */
  readonly selected: NoteEntry | undefined
  /** Whether a person has chosen it: a narrow window shows the list before. */
  readonly chosen: boolean
  readonly select: (key: string | null) => void
}

/** Which note a window shows; kept in the store, so that it shows it again at the next start. */
export function useSelection(windowId: string, notes: readonly NoteEntry[]): Selection {
  const store = useStore()
  const report = useReport()
  const selection = useKey("selections", windowId)
  const select = useCallback(
    (note: string | null) => {
      store.set("selections", windowId, { note }).catch(report)
    },
    [store, windowId, report],
  )
  if (selection === undefined) return { selected: notes[0], chosen: false, select }
  const selected = notes.find(({ key }) => key === selection.note)
  return { selected, chosen: selected !== undefined, select }
}
