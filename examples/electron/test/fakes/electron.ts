import { EventEmitter } from "node:events"
import type { BrowserWindowConstructorOptions, MenuItemConstructorOptions } from "electron"
import type { Electron } from "../../src/main/electron.ts"
import { FakeMessageChannelMain } from "./message-channel.ts"
import { type Desktop, type FakeFrame, FakeWindow } from "./window.ts"

export type SchemeHandler = (request: Request) => Promise<Response>

export interface FakeOptions {
  readonly userData: string
  /** Shows a page in a window. Default: nothing happens. */
  readonly load?: Desktop["load"]
  readonly screen?: { readonly width: number; readonly height: number }
  /** Whether another process of the application runs already. */
  readonly isSecond?: boolean
}

/** Electron's main process as far as the application uses it, in plain Node. */
export class FakeElectron {
  readonly ipcMain: EventEmitter = new EventEmitter()
  readonly windows: Set<FakeWindow> = new Set()
  readonly schemes: Map<string, SchemeHandler> = new Map()
  /** Every box that was shown. */
  readonly boxes: string[] = []
  readonly nativeTheme = { themeSource: "system" as "system" | "light" | "dark" }
  menu: readonly MenuItemConstructorOptions[] = []
  /** Resolves with the exit code when the application has quit. */
  readonly quitted: Promise<number>
  readonly app: EventEmitter
  readonly #options: FakeOptions
  #exit: (code: number) => void = () => {}
  #quitting = false

  constructor(options: FakeOptions) {
    this.#options = options
    this.quitted = new Promise((resolve) => {
      this.#exit = resolve
    })
    this.app = Object.assign(new EventEmitter(), {
      name: "Notes",
      enableSandbox: () => {},
      exit: (code: number) => this.#exit(code),
      getPath: () => options.userData,
      quit: () => this.quit(),
      requestSingleInstanceLock: () => options.isSecond !== true,
      whenReady: async () => {},
    })
  }

  /** In the form in which the application takes it. */
  get electron(): Electron {
    const { width = 1920, height = 1080 } = this.#options.screen ?? {}
    const desktop: Desktop = {
      load: this.#options.load ?? (async () => {}),
      opened: (window) => this.windows.add(window),
      destroyed: (window) => this.#destroyed(window),
    }
    const parts = {
      app: this.app,
      BrowserWindow: class extends FakeWindow {
        constructor(options: BrowserWindowConstructorOptions) {
          super(options, desktop)
        }
      },
      dialog: {
        showErrorBox: (title: string, content: string) => this.boxes.push(`${title}\n${content}`),
        showMessageBox: async ({ message, detail }: { message: string; detail: string }) => {
          this.boxes.push(`${message}\n${detail}`)
        },
      },
      ipcMain: this.ipcMain,
      Menu: {
        buildFromTemplate: (template: readonly MenuItemConstructorOptions[]) => template,
        setApplicationMenu: (template: readonly MenuItemConstructorOptions[]) => {
          this.menu = template
        },
      },
      MessageChannelMain: FakeMessageChannelMain,
      nativeTheme: this.nativeTheme,
      protocol: {
        handle: (scheme: string, handler: SchemeHandler) => this.schemes.set(scheme, handler),
        registerSchemesAsPrivileged: () => {},
      },
      screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width, height } }] },
    }
    return parts as unknown as Electron
  }

  get window(): FakeWindow {
    const [window] = this.windows
    if (window === undefined) throw new Error("No window is open")
    return window
  }

  /** A message from a page of a window, or from whoever is given. */
  send(
    from: { readonly sender: unknown; readonly senderFrame: FakeFrame | null },
    channel: string,
    ...args: readonly unknown[]
  ): void {
    this.ipcMain.emit(channel, from, ...args)
  }

  /**
   * As Electron does it: all windows first, and not at all if one of them objects. A second quit in
   * the middle of the first is ignored.
   */
  quit(): void {
    if (this.#quitting) return
    this.#quitting = true
    this.app.emit("before-quit", {})
    if (this.windows.size === 0) return this.#willQuit()
    for (const window of [...this.windows]) window.close()
    if (this.windows.size > 0) this.#quitting = false
  }

  #destroyed(window: FakeWindow): void {
    this.windows.delete(window)
    if (this.windows.size > 0) return
    if (this.#quitting) this.#willQuit()
    else this.app.emit("window-all-closed")
  }

  #willQuit(): void {
    let prevented = false
    this.app.emit("will-quit", {
      preventDefault() {
        prevented = true
      },
    })
    if (!prevented) return this.#exit(0)
    // The event is over when everything that it has begun at once is done.
    setImmediate(() => {
      this.#quitting = false
    })
  }
}
