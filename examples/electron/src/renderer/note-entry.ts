import type { Entry } from "@tidemark/core"
import type { Note } from "../shared/kinds.ts"

/** A note with its key. */
export type NoteEntry = Entry<Note>

/** What stands for a note that has no title. */
export function titleOf({ title }: Note): string {
  return title.trim() === "" ? "New note" : title
}
