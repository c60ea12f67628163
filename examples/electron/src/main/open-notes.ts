import { mkdirSync } from "node:fs"
import path from "node:path"
import { type Store, StoreError } from "@tidemark/core"
import { openStore } from "@tidemark/core/better-sqlite3"
import { kinds } from "../shared/kinds.ts"
import type { Electron } from "./electron.ts"
import { welcomeNote } from "./welcome-note.ts"

/** The name of the database file in the folder of the user's data. */
export const FILE = "notes.db"

/** The store of this application. */
export type NotesStore = Store<typeof kinds>

/**
 * Opens the store. Where it cannot be opened, a box tells why and what to do, the file stays as
 * it is, and the answer is `undefined`.
 */
export async function openNotes({
  app,
  dialog,
}: Pick<Electron, "app" | "dialog">): Promise<NotesStore | undefined> {
  const folder = app.getPath("userData")
  const file = path.join(folder, FILE)
  try {
    mkdirSync(folder, { recursive: true })
    const store = openStore({ path: file, kinds, strict: true })
    if (store.position === 0) await store.set("notes", "welcome", welcomeNote(Date.now()))
    return store
  } catch (error) {
    dialog.showErrorBox(`${app.name} cannot open your notes`, explanation(error, file))
    return undefined
  }
}

function explanation(error: unknown, file: string): string {
  // The message of a store's error ends with its hint.
  const told = error instanceof Error ? error.message : String(error)
  const code = StoreError.is(error) ? ` (${error.code})` : ""
  return `${told}${code}.\n\nYour file was left as it is:\n${file}`
}
