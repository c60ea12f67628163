import { ChevronLeft, Pin, PinOff, Trash2 } from "lucide-react"
import type { ReactNode, RefObject } from "react"
import type { Note } from "../shared/kinds.ts"
import { useStore } from "./hooks.ts"
import type { NoteEntry } from "./note-entry.ts"
import { useReport } from "./toasts.tsx"
import { useCaret } from "./use-caret.ts"
import { whenText } from "./when-text.ts"

export interface EditorProps {
  readonly entry: NoteEntry
  readonly titleField: RefObject<HTMLInputElement | null>
  readonly bodyField: RefObject<HTMLTextAreaElement | null>
  readonly onBack: () => void
  readonly onDelete: () => void
}

/** A note to write in. Each key is a write: it shows at once, here and in every other window. */
export function Editor(props: EditorProps): ReactNode {
  const { entry, titleField, bodyField, onBack, onDelete } = props
  const { key, value: note } = entry
  const store = useStore()
  const report = useReport()
  const write = (change: Partial<Note>) => {
    // Of the newest state: another window may have written since this was drawn.
    const present = store.peek("notes", key)
    if (present !== undefined) store.set("notes", key, { ...present, ...change }).catch(report)
  }
  const titleCaret = useCaret(titleField, note.title)
  const bodyCaret = useCaret(bodyField, note.body)
  return (
    <article className="editor">
      <header className="editor-bar">
        <button
          type="button"
          className="icon-button back"
          onClick={onBack}
          aria-label="Back to the list"
        >
          <ChevronLeft aria-hidden="true" />
        </button>
        <span className="editor-when">Edited {whenText(note.updatedAt, Date.now())}</span>
        <button
          type="button"
          className="icon-button"
          onClick={() => write({ pinned: !note.pinned })}
          aria-label={note.pinned ? "Unpin" : "Pin to the top"}
          aria-pressed={note.pinned}
        >
          {note.pinned ? <PinOff aria-hidden="true" /> : <Pin aria-hidden="true" />}
        </button>
        <button type="button" className="icon-button" onClick={onDelete} aria-label="Delete">
          <Trash2 aria-hidden="true" />
        </button>
      </header>
      <input
        ref={titleField}
        className="editor-title"
        aria-label="Title"
        placeholder="Title"
        maxLength={500}
        value={note.title}
        onSelect={titleCaret}
        onChange={(event) => {
          titleCaret()
          write({ title: event.target.value, updatedAt: Date.now() })
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.nativeEvent.isComposing) return
          event.preventDefault()
          bodyField.current?.focus()
        }}
      />
      <textarea
        ref={bodyField}
        className="editor-body"
        aria-label="Text"
        placeholder="Write…"
        maxLength={1_000_000}
        value={note.body}
        onSelect={bodyCaret}
        onChange={(event) => {
          bodyCaret()
          write({ body: event.target.value, updatedAt: Date.now() })
        }}
      />
    </article>
  )
}
