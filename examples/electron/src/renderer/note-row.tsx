import { Pin } from "lucide-react"
import { memo, type ReactNode } from "react"
import { type NoteEntry, titleOf } from "./note-entry.ts"
import { whenText } from "./when-text.ts"

export interface NoteRowProps {
  readonly entry: NoteEntry
  readonly isSelected: boolean
  /** Where the row stands in the list, in pixels. */
  readonly top: number
  readonly onSelect: (key: string) => void
}

/** A row is drawn again only when its note, its place or the choice changes. */
export const NoteRow: (props: NoteRowProps) => ReactNode = memo(function NoteRow(
  props: NoteRowProps,
) {
  const { entry, isSelected, top, onSelect } = props
  const { key, value, pending } = entry
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box around it has the keys.
    // biome-ignore lint/a11y/useFocusableInteractive: the list box has the focus and names its option.
    <div
      id={rowId(key)}
      className="row"
      role="option"
      aria-selected={isSelected}
      data-pending={pending}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onSelect(key)}
    >
      <span className="row-title">
        {value.pinned && <Pin aria-label="Pinned" />}
        {titleOf(value)}
      </span>
      <span className="row-text">
        <time dateTime={new Date(value.updatedAt).toISOString()}>
          {whenText(value.updatedAt, Date.now())}
        </time>
        {excerpt(value.body)}
      </span>
    </div>
  )
})

/** The id of a row's element. */
export function rowId(key: string): string {
  return `note-${key}`
}

function excerpt(body: string): string {
  return body.slice(0, 200).replace(/\s+/g, " ").trim() || "No text yet"
}
