import { useLayoutEffect } from "react"
import { DEFAULT_SETTINGS, SETTINGS_KEY } from "../shared/kinds.ts"
import { useKey } from "./hooks.ts"

/** Keeps the document as the settings want it, and its title that of the note shown. */
export function useAppearance(title: string | undefined): void {
  const { theme, fontSize } = useKey("settings", SETTINGS_KEY, { initial: DEFAULT_SETTINGS })
  useLayoutEffect(() => {
    const { dataset, style } = document.documentElement
    dataset.theme = theme
    style.setProperty("--note-size", `${fontSize}px`)
  }, [theme, fontSize])
  useLayoutEffect(() => {
    document.title = title?.trim() ? `${title} – Notes` : "Notes"
  }, [title])
}
