import path from "node:path"
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeTheme,
  protocol,
  screen,
} from "electron"
import { runNotes } from "./run-notes.ts"

const electron = {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeTheme,
  protocol,
  // Electron has no screen before it is ready.
  get screen() {
    return screen
  },
}

// The development server's pages, in place of the built ones; never in a packaged application.
const devUrl = app.isPackaged ? undefined : process.env.NOTES_DEV_URL

// A test keeps its notes elsewhere.
const folder = app.isPackaged ? undefined : process.env.NOTES_USER_DATA
if (folder) app.setPath("userData", folder)

// Not awaited: Electron is ready only after this module has been evaluated.
runNotes(electron, {
  pages: path.join(import.meta.dirname, "renderer"),
  preload: path.join(import.meta.dirname, "preload.cjs"),
  platform: process.platform,
  ...(devUrl ? { devUrl } : {}),
}).catch((error) => {
  dialog.showErrorBox(`${app.name} has failed to start`, String(error))
  app.exit(1)
})
