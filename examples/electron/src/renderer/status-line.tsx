import { AppWindow, Database } from "lucide-react"
import type { ReactNode } from "react"
import { useKind, useStatus } from "./hooks.ts"
import type { NoteEntry } from "./note-entry.ts"
import { SettingsPopover } from "./settings-popover.tsx"
import { statusText } from "./status-text.ts"
import { useCalmStatus } from "./use-calm-status.ts"
import { WindowsPopover } from "./windows-popover.tsx"

export interface StatusLineProps {
  readonly windowId: string
  readonly notes: readonly NoteEntry[]
  readonly inspecting: boolean
  readonly onInspect: () => void
}

/** How things stand: the connection, what is pending, how many windows there are. */
export function StatusLine(props: StatusLineProps): ReactNode {
  const { windowId, notes, inspecting, onInspect } = props
  const status = useStatus()
  const { tone, text } = useCalmStatus(statusText(status))
  const windows = useKind("windows")
  return (
    <footer className="status">
      <span
        className="status-state"
        role="status"
        data-tone={tone}
        data-connection={status?.connection}
        data-pending={status?.pending}
      >
        {text}
      </span>
      <span className="status-count">
        {notes.length === 1 ? "1 note" : `${notes.length} notes`}
      </span>
      <button type="button" className="status-button" popoverTarget="windows">
        <AppWindow aria-hidden="true" />
        <span>{windows.length === 1 ? "1 window" : `${windows.length} windows`}</span>
      </button>
      <button
        type="button"
        className="status-button"
        popoverTarget="settings"
        aria-label="Appearance"
      >
        <span aria-hidden="true">Aa</span>
      </button>
      <button
        type="button"
        className="status-button"
        aria-label="Look into the store"
        aria-pressed={inspecting}
        onClick={onInspect}
      >
        <Database aria-hidden="true" />
      </button>
      <WindowsPopover windowId={windowId} windows={windows} notes={notes} />
      <SettingsPopover />
    </footer>
  )
}
