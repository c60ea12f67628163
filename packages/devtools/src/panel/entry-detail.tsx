import type { VNode } from "preact"
import { useEffect, useMemo, useRef, useState } from "preact/hooks"
import { chosenEntry } from "../chosen-entry.ts"
import type { Inspector } from "../inspector.ts"
import { nameText } from "../text.ts"
import { DeleteQuestion } from "./delete-question.tsx"
import { EntryActions } from "./entry-actions.tsx"
import { EntryEditor } from "./entry-editor.tsx"
import { EntryFacts } from "./entry-facts.tsx"
import { Icon } from "./icon.tsx"
import { JsonTree } from "./json-tree.tsx"
import { Empty, FailureNotice } from "./notice.tsx"
import type { Choice } from "./panel-state.ts"
import { useLive } from "./use-live.ts"
import { useWrite } from "./use-write.ts"

/** One entry: its facts, its value, and what can be done with it. */
export function EntryDetail({
  inspector,
  choice,
  onBack,
  onVersions,
}: {
  readonly inspector: Inspector
  readonly choice: Choice
  readonly onBack: () => void
  readonly onVersions: () => void
}): VNode {
  const { kind, key } = choice
  const { store } = inspector
  const followed = useMemo(() => chosenEntry(inspector, kind, key), [inspector, kind, key])
  const { entry, loading, failure } = useLive(followed)
  const closed = useLive(inspector.closed)
  const [doing, setDoing] = useState<"nothing" | "editing" | "deleting">("nothing")
  // Here, and not where it is asked for: an entry that is being deleted is gone at once, and back if that fails.
  const writing = useWrite()
  const rest = () => setDoing("nothing")
  const save = (value: unknown, version: number) =>
    writing.write(async () => {
      await store.set(kind, key, value, { ifVersion: version, origin: "devtools" })
      rest()
    })
  const remove = (version: number) =>
    writing.write(async () => {
      await store.delete(kind, key, { ifVersion: version, origin: "devtools" })
      rest()
    })
  const back = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    // Where there is little room, this takes the place of the list that had the focus.
    const root = back.current?.getRootNode()
    const lost = root instanceof ShadowRoot && root.activeElement === null
    if (lost && back.current?.offsetParent != null) back.current.focus()
  }, [])
  const told = failure ?? writing.failure
  return (
    <article class="detail" aria-label={`Entry ${nameText(kind)}/${nameText(key)}`}>
      <header class="detail-header">
        <button
          ref={back}
          type="button"
          class="icon-button back"
          aria-label="Back to the entries"
          onClick={onBack}
        >
          <Icon name="back" />
        </button>
        <h2 class="title">
          <span class="of">{nameText(kind)}/</span>
          {nameText(key)}
        </h2>
        <EntryActions
          entry={doing === "editing" ? undefined : entry}
          disabled={closed}
          onEdit={() => setDoing("editing")}
          onDelete={() => setDoing("deleting")}
          onVersions={onVersions}
        />
      </header>
      {entry !== undefined && <EntryFacts entry={entry} />}
      {told !== undefined && <FailureNotice failure={told} />}
      {entry !== undefined && doing === "deleting" && (
        <DeleteQuestion
          entry={entry}
          busy={writing.busy}
          onDelete={() => remove(entry.version)}
          onKeep={rest}
        />
      )}
      {entry === undefined ? (
        told === undefined && <Missing loading={loading} />
      ) : doing === "editing" ? (
        <EntryEditor entry={entry} busy={writing.busy} onSave={save} onClose={rest} />
      ) : (
        <JsonTree value={entry.value} label={`Value of ${nameText(key)}`} />
      )}
    </article>
  )
}

function Missing({ loading }: { readonly loading: boolean }): VNode {
  if (loading) return <Empty title="Reading…" />
  return <Empty title="There is no such entry now">What it was before is among its versions.</Empty>
}
