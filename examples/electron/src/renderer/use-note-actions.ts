import { useCallback } from "react"
import { useStore } from "./hooks.ts"
import { titleOf } from "./note-entry.ts"
import { useReport, useToast } from "./toasts.tsx"

export interface NoteActions {
  /** Makes an empty note and chooses it. */
  readonly createNote: () => void
  /** Deletes a note, chooses another, and offers to take that back. */
  readonly deleteNote: (key: string, next: string | null) => void
}

export function useNoteActions(select: (key: string | null) => void): NoteActions {
  const store = useStore()
  const toast = useToast()
  const report = useReport()
  const createNote = useCallback(() => {
    const key = crypto.randomUUID()
    const note = { title: "", body: "", pinned: false, updatedAt: Date.now() }
    store.set("notes", key, note).catch(report)
    select(key)
  }, [store, select, report])
  const deleteNote = useCallback(
    (key: string, next: string | null) => {
      const note = store.peek("notes", key)
      if (note === undefined) return
      store.delete("notes", key).catch(report)
      select(next)
      toast({
        text: `“${titleOf(note)}” was deleted`,
        action: {
          label: "Undo",
          run() {
            store.set("notes", key, note, { ifVersion: "absent" }).catch(report)
            select(key)
          },
        },
      })
    },
    [store, select, toast, report],
  )
  return { createNote, deleteNote }
}
