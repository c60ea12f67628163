import { SETTINGS_KEY } from "../shared/kinds.ts"
import type { Electron } from "./electron.ts"
import type { NotesStore } from "./open-notes.ts"

/** Keeps what the system draws (menus, boxes, title bars) in the chosen theme. Gives a function that stops. */
export function followTheme(
  { nativeTheme }: Pick<Electron, "nativeTheme">,
  store: NotesStore,
): () => void {
  const settings = store.live("settings", SETTINGS_KEY)
  const apply = () => {
    nativeTheme.themeSource = settings.get()?.theme ?? "system"
  }
  apply()
  return settings.subscribe(apply)
}
