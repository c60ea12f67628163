import type { Entry } from "@tidemark/core"
import type { VNode } from "preact"
import { useEffect, useRef } from "preact/hooks"
import { nameText } from "../text.ts"

/** Asks before an entry is deleted. */
export function DeleteQuestion({
  entry,
  busy,
  onDelete,
  onKeep,
}: {
  readonly entry: Entry
  readonly busy: boolean
  readonly onDelete: () => void
  readonly onKeep: () => void
}): VNode {
  const { kind, key, version } = entry
  const cancel = useRef<HTMLButtonElement>(null)
  useEffect(() => cancel.current?.focus(), [])
  return (
    <div
      class="question"
      role="alertdialog"
      aria-label="Delete this entry?"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return
        event.stopPropagation()
        onKeep()
      }}
    >
      <p>
        Delete <strong>{nameText(`${kind}/${key}`)}</strong> at version {version}?
      </p>
      <div class="answers">
        <button type="button" class="button" ref={cancel} onClick={onKeep}>
          Keep it
        </button>
        <button type="button" class="button danger" disabled={busy} onClick={onDelete}>
          Delete
        </button>
      </div>
    </div>
  )
}
