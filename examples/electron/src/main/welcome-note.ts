import type { Note } from "../shared/kinds.ts"

/** The note that a first start finds. */
export function welcomeNote(now: number): Note {
  return { title: "Welcome to Notes", body: BODY, pinned: false, updatedAt: now }
}

const BODY = `Everything you write is kept as you write it: there is nothing to save.

Open a second window (Windows, below) and write in one of them: the other follows each key. Close the application and start it again: your windows come back to where they were, with the notes they showed.

Keys
  Ctrl or ⌘ N    a new note
  Ctrl or ⌘ F    search
  ↑ ↓            walk through the list
  Enter          write in the chosen note
  Delete         delete it (you can undo that)
  Ctrl or ⌘ ⇧ D  look into the store
`
