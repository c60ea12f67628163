import { lazy, type ReactNode, Suspense, useDeferredValue, useMemo, useRef, useState } from "react"
import { flushSync } from "react-dom"
import { Editor } from "./editor.tsx"
import { findNotes } from "./find-notes.ts"
import { useKind } from "./hooks.ts"
import { NoteList } from "./note-list.tsx"
import { NothingChosen } from "./nothing-chosen.tsx"
import { SearchField } from "./search-field.tsx"
import { StatusLine } from "./status-line.tsx"
import { useAppearance } from "./use-appearance.ts"
import { useNoteActions } from "./use-note-actions.ts"
import { useSelection } from "./use-selection.ts"
import { useShortcuts } from "./use-shortcuts.ts"

const DevtoolsDrawer = lazy(async () => {
  const { DevtoolsDrawer } = await import("./devtools-drawer.tsx")
  return { default: DevtoolsDrawer }
})

/** One window: the notes on the left, the chosen one on the right, the state of things below. */
export function App({ windowId }: { readonly windowId: string }): ReactNode {
  const notes = useKind("notes", { orderBy: [{ pinned: "desc" }, { updatedAt: "desc" }] })
  const [search, setSearch] = useState("")
  const sought = useDeferredValue(search)
  const found = useMemo(() => findNotes(notes, sought), [notes, sought])
  const { selected, chosen, select } = useSelection(windowId, notes)
  const { createNote, deleteNote } = useNoteActions(select)
  const [inspecting, setInspecting] = useState(false)
  const searchField = useRef<HTMLInputElement>(null)
  const titleField = useRef<HTMLInputElement>(null)
  const bodyField = useRef<HTMLTextAreaElement>(null)
  useAppearance(selected?.value.title)

  const create = () => {
    // At once, so that the caret can go to a field that is there.
    flushSync(() => {
      setSearch("")
      createNote()
    })
    titleField.current?.focus()
  }
  const remove = (key: string) => {
    const place = found.findIndex((note) => note.key === key)
    const next = found[place + 1] ?? found[place - 1]
    deleteNote(key, next?.key ?? null)
  }
  useShortcuts({
    n: create,
    f: () => searchField.current?.select(),
    D: () => setInspecting((shown) => !shown),
  })

  return (
    <div className="app" data-view={chosen ? "note" : "list"}>
      <aside className="sidebar">
        <SearchField ref={searchField} value={search} onChange={setSearch} onCreate={create} />
        <NoteList
          notes={found}
          selected={selected?.key}
          isSearch={sought.trim() !== ""}
          onSelect={select}
          onOpen={() => bodyField.current?.focus()}
          onDelete={remove}
        />
      </aside>
      <main className="page">
        {selected === undefined ? (
          <NothingChosen isEmpty={notes.length === 0} onCreate={create} />
        ) : (
          <Editor
            key={selected.key}
            entry={selected}
            titleField={titleField}
            bodyField={bodyField}
            onBack={() => select(null)}
            onDelete={() => remove(selected.key)}
          />
        )}
      </main>
      {inspecting && (
        <Suspense>
          <DevtoolsDrawer />
        </Suspense>
      )}
      <StatusLine
        windowId={windowId}
        notes={notes}
        inspecting={inspecting}
        onInspect={() => setInspecting((shown) => !shown)}
      />
    </div>
  )
}
