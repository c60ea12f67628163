import type { Entry } from "@tidemark/core"
import type { VNode } from "preact"
import { useEffect, useMemo, useRef, useState } from "preact/hooks"
import { parseJson } from "../parse-json.ts"
import { Notice } from "./notice.tsx"

/** Edits an entry's value as JSON. `onSave` gets the version that was edited with the new value. */
export function EntryEditor({
  entry,
  busy,
  onSave,
  onClose,
}: {
  readonly entry: Entry
  readonly busy: boolean
  readonly onSave: (value: unknown, version: number) => void
  readonly onClose: () => void
}): VNode {
  const [base, setBase] = useState(entry)
  const [text, setText] = useState(() => jsonText(entry))
  const area = useRef<HTMLTextAreaElement>(null)
  const parsed = useMemo(() => parseJson(text), [text])
  const dirty = text !== jsonText(base)
  useEffect(() => area.current?.focus(), [])
  const save = () => {
    if (parsed.ok && dirty && !busy) onSave(parsed.value, base.version)
  }
  const takeNewest = () => {
    setBase(entry)
    setText(jsonText(entry))
  }
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      // Edits are not lost by a key that elsewhere closes the panel.
      event.stopPropagation()
      if (!dirty) onClose()
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the field in it
    <div class="editor" onKeyDown={keyDown}>
      {/* While it saves, the newer version is the one being saved. */}
      {entry.version !== base.version && !busy && (
        <Notice>
          <p>
            This entry has changed: it is at version {entry.version}, and you edit version{" "}
            {base.version}.
          </p>
          <button type="button" class="button" onClick={takeNewest}>
            Take the newest
          </button>
        </Notice>
      )}
      <textarea
        ref={area}
        class="json-text"
        aria-label="Value as JSON"
        aria-invalid={!parsed.ok}
        spellcheck={false}
        autocomplete="off"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {!parsed.ok && (
        <p class="notice failure" role="status">
          {parsed.message}
        </p>
      )}
      <div class="answers">
        <span class="soft">{busy ? "On its way…" : dirty ? "Edited" : "As stored"}</span>
        <button type="button" class="button" onClick={onClose}>
          {busy ? "Close" : "Cancel"}
        </button>
        <button
          type="button"
          class="button primary"
          title="Save (Ctrl or ⌘ with Enter)"
          disabled={!parsed.ok || !dirty || busy}
          onClick={save}
        >
          Save
        </button>
      </div>
    </div>
  )
}

function jsonText(entry: Entry): string {
  return JSON.stringify(entry.value, null, 2)
}
