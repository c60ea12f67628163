import type { BrowserWindow } from "electron"
import { debounce } from "es-toolkit"
import type { OpenWindow } from "../shared/kinds.ts"

/** How long a window must rest before its place is written, in milliseconds. */
const REST = 200

/**
 * Writes a window's place after it was moved or resized, once it rests. Gives a function that
 * writes at once what is not written yet.
 */
export function followBounds(
  window: BrowserWindow,
  write: (place: OpenWindow) => Promise<void>,
): () => Promise<void> {
  let writing: Promise<void> = Promise.resolve()
  const save = debounce(() => {
    if (window.isDestroyed()) return
    const { x, y, width, height } = window.getNormalBounds()
    writing = write({ bounds: { x, y, width, height }, maximized: window.isMaximized() }).catch(
      (error) => console.error("The place of a window was not written:", error),
    )
  }, REST)
  window.on("resize", save)
  window.on("move", save)
  window.on("maximize", save)
  window.on("unmaximize", save)
  return () => {
    save.flush()
    return writing
  }
}
