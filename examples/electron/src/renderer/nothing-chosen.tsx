import { NotebookPen } from "lucide-react"
import type { ReactNode } from "react"
import { useStatus } from "./hooks.ts"

export interface NothingChosenProps {
  readonly isEmpty: boolean
  readonly onCreate: () => void
}

/** The page of a window that shows no note. */
export function NothingChosen({ isEmpty, onCreate }: NothingChosenProps): ReactNode {
  const connected = useStatus()?.connection === "live"
  if (isEmpty && !connected) return null // Not known yet.
  return (
    <div className="nothing">
      <NotebookPen aria-hidden="true" />
      <p>{isEmpty ? "Your first note begins here" : "No note is chosen"}</p>
      <button type="button" className="button" onClick={onCreate}>
        New note
      </button>
    </div>
  )
}
