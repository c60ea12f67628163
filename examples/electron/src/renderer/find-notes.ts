import type { NoteEntry } from "./note-entry.ts"

/** The notes that have every word of a search, in upper or lower case, in their title or text; in the order given. */
export function findNotes(notes: readonly NoteEntry[], search: string): readonly NoteEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return notes
  return notes.filter(({ value: { title, body } }) => {
    const text = `${title}\n${body}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
