import { EventEmitter } from "node:events"
import { MessageChannel, type MessagePort as NodePort } from "node:worker_threads"
import type { WindowContents, WindowFrame } from "@tidemark/sync/electron-main"
import { exposeTidemark, type PortsEvent } from "@tidemark/sync/electron-preload"
import type { PageWindow } from "@tidemark/sync/electron-renderer"
import type { EmitterPort } from "@tidemark/sync/message-port"

export const ORIGIN = "app://test"

/** Main's part of Electron, in plain Node. */
export class FakeMain {
  readonly ipcMain: EventEmitter = new EventEmitter()
  readonly MessageChannelMain = FakeChannel

  /** A message from a page: of its top frame, or of the one given. */
  send(sender: FakeContents, request: unknown, senderFrame: WindowFrame | null = sender.mainFrame) {
    this.ipcMain.emit("tidemark:connect", { sender, senderFrame }, request)
  }
}

/** A port of worker_threads in the form of Electron's: messages are events, and wait for `start()`. */
class FakePort extends EventEmitter implements EmitterPort {
  readonly port: NodePort

  constructor(port: NodePort) {
    super()
    this.port = port
    port.on("close", () => this.emit("close"))
  }

  start(): void {
    this.port.on("message", (data) => this.emit("message", { data }))
  }

  postMessage(message: unknown): void {
    this.port.postMessage(message)
  }

  close(): void {
    this.port.close()
  }
}

export class FakeChannel {
  readonly port1: FakePort
  readonly port2: FakePort

  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port1 = new FakePort(port1)
    this.port2 = new FakePort(port2)
  }
}

export class FakeFrame implements WindowFrame {
  url = `${ORIGIN}/index.html`
  /** Takes what main posts. */
  deliver: (channel: string, message: unknown, ports: readonly NodePort[]) => void = () => {}

  postMessage(channel: string, message: unknown, transfer: FakePort[] = []): void {
    this.deliver(
      channel,
      message,
      transfer.map(({ port }) => port),
    )
  }
}

export class FakeContents implements WindowContents {
  readonly mainFrame = new FakeFrame()

  postMessage(channel: string, message: unknown, transfer?: FakePort[]): void {
    this.mainFrame.postMessage(channel, message, transfer)
  }
}

/** The DOM window of a page: an origin, and messages to itself. */
export class FakePage extends EventTarget {
  readonly location: { readonly origin: string }
  tidemark?: { connect(...parameters: unknown[]): number }

  constructor(origin: string) {
    super()
    this.location = { origin }
  }

  postMessage(data: unknown, origin: string, ports: readonly unknown[]): void {
    if (origin !== this.location.origin) return
    // As everywhere: a message arrives after the call that sent it.
    queueMicrotask(() => this.tell({ data, ports, origin, source: this }))
  }

  /** A message from anywhere. */
  tell(message: {
    readonly data: unknown
    readonly ports: readonly unknown[]
    readonly origin: string
    readonly source: unknown
  }): void {
    this.dispatchEvent(Object.assign(new Event("message"), message))
  }

  /** In the form in which a page's code takes it. */
  get window(): PageWindow {
    return this as unknown as PageWindow
  }
}

/** A window of main with the preload script in its page. */
export function openWindow(main: FakeMain, origin: string = ORIGIN) {
  const contents = new FakeContents()
  const page = new FakePage(origin)
  const listeners = new Map<string, (event: PortsEvent, request: unknown) => void>()
  contents.mainFrame.deliver = (channel, message, ports) =>
    listeners.get(channel)?.({ ports: ports as unknown as readonly MessagePort[] }, message)
  const parts = {
    contextBridge: {
      exposeInMainWorld: (name: string, api: object) => Object.assign(page, { [name]: api }),
    },
    ipcRenderer: {
      on: (channel: string, listener: (event: PortsEvent, request: unknown) => void) =>
        listeners.set(channel, listener),
      send: (_channel: string, request: number) => main.send(contents, request),
    },
    window: page,
  }
  exposeTidemark(parts, { origins: [ORIGIN] })
  return { contents, page }
}
