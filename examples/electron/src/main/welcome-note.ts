import type { Note } from "../shared/kinds.ts"

/** The note that a first start finds. */
export function welcomeNote(now: number): Note {
  return { title: "Welcome to Notes", body: BODY, pinned: false, updatedAt: now }
}

const BODY = `Everything you write is kept as you write it: there is nothing to save.

Open a second window (“1 window”, below) and write in one of them: the other follows each key. Close the application and start it again: your windows come back to where they were, with the notes they showed.

With Ctrl, or ⌘ on a Mac: N makes a new note, F searches, Shift+D looks into the store.
In the list: the arrows walk, Enter begins to write, Delete deletes. You can take that back.
`
