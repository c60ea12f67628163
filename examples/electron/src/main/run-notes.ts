import { setImmediate } from "node:timers/promises"
import { type Clock, systemClock } from "@tidemark/core"
import { serveWindows } from "@tidemark/sync/electron-main"
import { WINDOW_KINDS } from "../shared/kinds.ts"
import type { Electron } from "./electron.ts"
import { applicationMenu } from "./menu.ts"
import { openNotes } from "./open-notes.ts"
import { originOf, PAGE_ORIGIN, PAGE_SCHEME, pageHandler } from "./pages.ts"
import { followTheme } from "./theme.ts"
import { Windows } from "./windows.ts"

export interface NotesOptions {
  /** The folder of the built pages. */
  readonly pages: string
  /** The file of the built preload script. */
  readonly preload: string
  readonly platform: NodeJS.Platform
  /** Where a development server serves the pages instead. */
  readonly devUrl?: string
  readonly clock?: Clock
}

/**
 * Runs the application: one store in a file, which is the authority, and windows that follow it.
 * Resolves when the windows of the last run are open again, or when it has to quit.
 */
export async function runNotes(electron: Electron, options: NotesOptions): Promise<void> {
  const { app, protocol } = electron
  // A second start shows the first one's windows: one process owns the file.
  if (!app.requestSingleInstanceLock()) return app.quit()
  app.enableSandbox()
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true } },
  ])
  await app.whenReady()

  const store = await openNotes(electron)
  if (store === undefined) return app.exit(1)
  protocol.handle(PAGE_SCHEME, pageHandler(options.pages))
  const url = options.devUrl ?? `${PAGE_ORIGIN}/`
  const clock = options.clock ?? systemClock
  const windows = new Windows(electron, store, { ...options, url, clock })
  const ports = serveWindows(store, electron, {
    origins: [originOf(url)],
    authorize(contents) {
      const id = windows.idOf(contents)
      return id === undefined ? undefined : { principal: `window ${id}`, kinds: WINDOW_KINDS }
    },
    onError: (error, contents) =>
      console.warn(`A port of window ${windows.idOf(contents)} was closed:`, error),
  })
  windows.connected = (contents) => ports.has(contents)

  const stopTheme = followTheme(electron, store)
  electron.Menu.setApplicationMenu(
    electron.Menu.buildFromTemplate(applicationMenu(app.name, options.platform, windows)),
  )
  app.on("second-instance", () => windows.show())
  app.on("activate", () => windows.show())
  app.on("before-quit", () => windows.keep())
  app.on("window-all-closed", () => {
    if (options.platform !== "darwin" || windows.kept) app.quit()
  })

  let closed = false
  app.on("will-quit", (event) => {
    if (closed) return
    event.preventDefault()
    stopTheme()
    ports.close()
    windows
      .close()
      .then(() => store.close())
      .catch((error) => console.error(error))
      // In a turn of its own: a quit inside the event that prevents one is ignored.
      .then(() => setImmediate())
      .then(() => {
        closed = true
        app.quit()
      })
  })
  await windows.start()
}
