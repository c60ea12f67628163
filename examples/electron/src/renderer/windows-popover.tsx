import type { Entry } from "@tidemark/core"
import { Plus } from "lucide-react"
import type { ReactNode } from "react"
import { NEW_WINDOW, type OpenWindow } from "../shared/kinds.ts"
import { DesktopMap } from "./desktop-map.tsx"
import { useKind, useStore } from "./hooks.ts"
import { type NoteEntry, titleOf } from "./note-entry.ts"
import { useReport } from "./toasts.tsx"

export interface WindowsPopoverProps {
  readonly windowId: string
  readonly windows: readonly Entry<OpenWindow>[]
  readonly notes: readonly NoteEntry[]
}

/** The open windows, where they stand and what they show. Another one is opened by creating its entry. */
export function WindowsPopover({ windowId, windows, notes }: WindowsPopoverProps): ReactNode {
  const store = useStore()
  const report = useReport()
  const selections = useKind("selections")
  const shownIn = (id: string) => {
    const chosen = selections.find(({ key }) => key === id)?.value
    const shown = chosen === undefined ? notes[0] : notes.find(({ key }) => key === chosen.note)
    return shown === undefined ? "No note" : titleOf(shown.value)
  }
  return (
    <div id="windows" popover="auto" className="popover" role="dialog" aria-label="Windows">
      <DesktopMap windowId={windowId} windows={windows} />
      <ul className="windows">
        {windows.map(({ key, value: { bounds } }) => (
          <li key={key} aria-current={key === windowId}>
            <span className="windows-note">{shownIn(key)}</span>
            <small>{bounds && `${bounds.width} × ${bounds.height}`}</small>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="button"
        onClick={() => store.set("windows", crypto.randomUUID(), NEW_WINDOW).catch(report)}
      >
        <Plus aria-hidden="true" />
        New window
      </button>
    </div>
  )
}
