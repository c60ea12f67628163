import type { BrowserWindowConstructorOptions } from "electron"
import { FakeElectron } from "./electron.ts"

// In the place of the module "electron" of a built main process: tells what becomes of it, and quits.
const fake = new FakeElectron({
  userData: process.env.NOTES_USER_DATA ?? "",
  load: async (window, url) => {
    const options: BrowserWindowConstructorOptions = window.options
    console.log(JSON.stringify({ url, preload: options.webPreferences?.preload }))
    setImmediate(() => fake.quit())
  },
})
fake.quitted.then((code) => console.log(JSON.stringify({ code, boxes: fake.boxes })))
let ready = () => {}
const whenReady = new Promise<void>((resolve) => {
  ready = resolve
})
Object.assign(fake.app, { isPackaged: false, setPath: () => {}, whenReady: () => whenReady })

/** Electron is ready when the main module has been evaluated. */
export function emitReady(): void {
  ready()
}

export const {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeTheme,
  protocol,
  screen,
} = fake.electron
