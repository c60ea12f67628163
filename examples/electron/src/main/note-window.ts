import type { BrowserWindow } from "electron"
import { ORIGIN_ARGUMENT, WINDOW_PARAMETER } from "../shared/channels.ts"
import type { OpenWindow } from "../shared/kinds.ts"
import type { Electron } from "./electron.ts"
import { isOwnPage, originOf } from "./pages.ts"
import { visibleBounds } from "./visible-bounds.ts"

export interface NoteWindowOptions {
  /** The start page. */
  readonly url: string
  readonly preload: string
}

const SIZE = { width: 980, height: 700 }

/** Makes a window that can show the application's own pages and do nothing else. */
export function createNoteWindow(
  { BrowserWindow, screen }: Pick<Electron, "BrowserWindow" | "screen">,
  id: string,
  { bounds, maximized }: OpenWindow,
  { url, preload }: NoteWindowOptions,
): BrowserWindow {
  const screens = screen.getAllDisplays().map(({ workArea }) => workArea)
  const window = new BrowserWindow({
    ...(bounds === null ? SIZE : visibleBounds(bounds, screens)),
    minWidth: 340,
    minHeight: 320,
    show: false,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      additionalArguments: [`${ORIGIN_ARGUMENT}${originOf(url)}`],
    },
  })
  if (maximized) window.maximize()
  window.once("ready-to-show", () => window.show())
  lockDown(window, url)
  const page = new URL(url)
  page.searchParams.set(WINDOW_PARAMETER, id)
  window.loadURL(page.href).catch((error) => console.error(`Window ${id} has no page:`, error))
  return window
}

function lockDown({ webContents }: BrowserWindow, url: string): void {
  webContents.setWindowOpenHandler(() => ({ action: "deny" }))
  const refuse = (event: { readonly url: string; preventDefault(): void }) => {
    // The development server reloads its own page; the built one is never navigated.
    if (!isOwnPage(event.url, url)) event.preventDefault()
  }
  webContents.on("will-frame-navigate", refuse)
  webContents.on("will-redirect", refuse)
  webContents.on("will-attach-webview", (event) => event.preventDefault())
  webContents.session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  webContents.session.setPermissionCheckHandler(() => false)
}
