import { EventEmitter } from "node:events"
import type { MessagePort } from "node:worker_threads"
import type { BrowserWindowConstructorOptions } from "electron"
import type { Bounds } from "../../src/shared/kinds.ts"
import type { FakePort } from "./message-channel.ts"

/** Takes what main posts to a frame. */
export type Deliver = (channel: string, message: unknown, ports: readonly MessagePort[]) => void

export class FakeFrame {
  url = "about:blank"
  deliver: Deliver = () => {}

  postMessage(channel: string, message: unknown, ports: readonly FakePort[] = []): void {
    this.deliver(
      channel,
      message,
      ports.map(({ port }) => port),
    )
  }
}

export class FakeContents extends EventEmitter {
  readonly mainFrame = new FakeFrame()
  openHandler: (() => { readonly action: string }) | undefined
  permissionHandler:
    | ((contents: unknown, name: string, answer: (granted: boolean) => void) => void)
    | undefined
  permissionCheck: (() => boolean) | undefined
  readonly session = {
    setPermissionRequestHandler: (handler: FakeContents["permissionHandler"]) => {
      this.permissionHandler = handler
    },
    setPermissionCheckHandler: (handler: FakeContents["permissionCheck"]) => {
      this.permissionCheck = handler
    },
  }

  setWindowOpenHandler(handler: () => { readonly action: string }): void {
    this.openHandler = handler
  }

  postMessage(channel: string, message: unknown, ports?: readonly FakePort[]): void {
    this.mainFrame.postMessage(channel, message, ports)
  }
}

/** What a window needs of its surroundings. */
export interface Desktop {
  /** Shows a page in a window. */
  load(window: FakeWindow, url: string): Promise<void>
  opened(window: FakeWindow): void
  destroyed(window: FakeWindow): void
}

/** A window that is not drawn; its page is whatever `load` makes. */
export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents()
  readonly options: BrowserWindowConstructorOptions
  bounds: Bounds
  shown = 0
  /** What ends with the window. */
  readonly leaving: (() => void)[] = []
  readonly #desktop: Desktop
  #maximized = false
  #destroyed = false

  constructor(options: BrowserWindowConstructorOptions, desktop: Desktop) {
    super()
    const { x = 60, y = 40, width = 800, height = 600 } = options
    this.options = options
    this.bounds = { x, y, width, height }
    this.#desktop = desktop
    desktop.opened(this)
  }

  get id(): string {
    return new URL(this.webContents.mainFrame.url).searchParams.get("window") ?? ""
  }

  async loadURL(url: string): Promise<void> {
    this.webContents.mainFrame.url = url
    await this.#desktop.load(this, url)
    this.emit("ready-to-show")
  }

  show(): void {
    this.shown += 1
  }

  /** As a person moves it. */
  place(bounds: Bounds): void {
    this.bounds = bounds
    this.emit("move")
    this.emit("resize")
  }

  getNormalBounds(): Bounds {
    return this.bounds
  }

  maximize(): void {
    this.#maximized = true
    this.emit("maximize")
  }

  isMaximized(): boolean {
    return this.#maximized
  }

  /** As a person closes it. */
  close(): void {
    let prevented = false
    this.emit("close", {
      preventDefault() {
        prevented = true
      },
    })
    if (!prevented) this.destroy()
  }

  destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    for (const leave of this.leaving) leave()
    this.emit("closed")
    this.#desktop.destroyed(this)
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }
}
