import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react"
import { LIMITS } from "../atlas/kinds.ts"

export interface TagFieldProps {
  readonly tags: readonly string[]
  readonly onChange: (tags: string[]) => void
}

/** The tags of a place, and a field to add some: Enter or a comma ends a tag. */
export function TagField({ tags, onChange }: TagFieldProps): ReactNode {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [draft, setDraft] = useState("")
  const isFull = tags.length >= LIMITS.tags
  const add = () => {
    const tag = draft.replaceAll(",", " ").trim()
    setDraft("")
    if (tag !== "" && !tags.includes(tag)) onChange([...tags, tag])
  }
  const remove = (tag: string) => {
    onChange(tags.filter((other) => other !== tag))
    field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const last = tags.at(-1)
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault()
      add()
    } else if (event.key === "Backspace" && draft === "" && last !== undefined) remove(last)
  }
  return (
    <div className="field">
      <label htmlFor={id}>Tags</label>
      <div className="tags">
        {tags.map((tag) => (
          <span key={tag} className="tag">
            {tag}
            <button type="button" aria-label={`Remove the tag ${tag}`} onClick={() => remove(tag)}>
              <svg viewBox="0 0 20 20" aria-hidden="true">
                <path d="m6 6 8 8M14 6l-8 8" />
              </svg>
            </button>
          </span>
        ))}
        <input
          id={id}
          ref={field}
          type="text"
          autoComplete="off"
          enterKeyHint="done"
          maxLength={LIMITS.tag}
          disabled={isFull}
          placeholder={isFull ? "No more fit" : "Add a tag"}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={add}
        />
      </div>
    </div>
  )
}
