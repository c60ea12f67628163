import { type ReactNode, useId, useState } from "react"
import { BLANK, isBlank, LIMITS, type Mark } from "../atlas/kinds.ts"
import { useKind, useStatus, useStore } from "./hooks.ts"
import { StarField } from "./star-field.tsx"
import { TagField } from "./tag-field.tsx"

export interface MarkEditorProps {
  /** The key of the place. */
  readonly id: string
  readonly mark: Mark
}

/** What people say of a place. Every change is written at once; there is nothing to save. */
export function MarkEditor({ id, mark }: MarkEditorProps): ReactNode {
  const { edit, failure } = useEdit(id)
  const note = useId()
  return (
    <form className="mark-editor" onSubmit={(event) => event.preventDefault()}>
      <StarField stars={mark.stars} onChange={(stars) => edit({ stars })} />
      <TagField tags={mark.tags} onChange={(tags) => edit({ tags })} />
      <div className="field">
        <label htmlFor={note}>Note</label>
        <textarea
          id={note}
          rows={5}
          maxLength={LIMITS.note}
          placeholder="What should others know of this place?"
          value={mark.note}
          onChange={(event) => edit({ note: event.target.value })}
        />
      </div>
      <SaveState id={id} failure={failure} />
    </form>
  )
}

/** A function that changes the mark of a place, and why the last change was not taken. */
function useEdit(id: string): {
  edit: (change: Partial<Mark>) => void
  failure: string | undefined
} {
  const store = useStore()
  const [failure, setFailure] = useState<string>()
  const edit = (change: Partial<Mark>) => {
    // From the store and not from the last render: two changes may come before the next one.
    const mark: Mark = { ...(store.peek("marks", id) ?? BLANK), ...change }
    const written = isBlank(mark) ? store.delete("marks", id) : store.set("marks", id, mark)
    written.then(
      () => setFailure(undefined),
      (error: Error) => setFailure(error.message),
    )
  }
  return { edit, failure }
}

interface SaveStateProps {
  readonly id: string
  readonly failure: string | undefined
}

function SaveState({ id, failure }: SaveStateProps): ReactNode {
  const marks = useKind("marks", { prefix: id })
  const connection = useStatus()?.connection
  const entry = marks.find((mark) => mark.key === id)
  if (failure !== undefined) return <p className="save-state failed">{failure}</p>
  if (entry === undefined) return <p className="save-state">Nobody has said anything yet.</p>
  if (!entry.pending) return <p className="save-state">Saved, and seen by everybody.</p>
  return (
    <p className="save-state pending">
      <span className="pending-dot" aria-hidden="true" />
      {connection === "live" ? "Sending…" : "Kept here, and sent when the server is back."}
    </p>
  )
}
