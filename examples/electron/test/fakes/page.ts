import type { Store } from "@tidemark/core"
import type { TidemarkBridge } from "@tidemark/sync/electron-preload"
import { answerFlush, type PageWindow } from "@tidemark/sync/electron-renderer"
import { exposeBridge } from "../../src/preload/bridge.ts"
import { openReplica } from "../../src/renderer/replica.ts"
import type { kinds } from "../../src/shared/kinds.ts"
import type { FakeElectron } from "./electron.ts"
import type { FakeWindow } from "./window.ts"

/** The DOM window of a page in plain Node: an origin, and messages to itself. */
export class FakeDomWindow extends EventTarget {
  readonly location: { readonly origin: string }
  tidemark?: TidemarkBridge

  constructor(origin: string) {
    super()
    this.location = { origin }
  }

  postMessage(data: unknown, origin: string, ports: readonly unknown[] = []): void {
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
}

/** The preload script's own code in a window, with IPC to the application under test. */
export function preloadIn(
  electron: FakeElectron,
  window: FakeWindow,
  origin: string,
): FakeDomWindow {
  const dom = new FakeDomWindow(origin)
  const { mainFrame } = window.webContents
  const listeners = new Map<string, (event: never, message: unknown) => void>()
  mainFrame.deliver = (channel, message, ports) => {
    const event = { ports }
    listeners.get(channel)?.(event as never, message)
  }
  const ipcRenderer = {
    on: (channel: string, listener: (event: never, message: unknown) => void) => {
      listeners.set(channel, listener)
    },
    send: (channel: string, ...args: readonly unknown[]) =>
      electron.send({ sender: window.webContents, senderFrame: mainFrame }, channel, ...args),
  }
  exposeBridge({
    contextBridge: { exposeInMainWorld: (name, api) => Object.assign(dom, { [name]: api }) },
    ipcRenderer: ipcRenderer as never,
    window: dom as never,
    argv: window.options.webPreferences?.additionalArguments ?? [],
  })
  return dom
}

/** A page's own code over a window: a replica that follows main, and the answer to a closing window. */
export function openPage(
  electron: FakeElectron,
  window: FakeWindow,
  origin: string,
): Store<typeof kinds> {
  const dom = preloadIn(electron, window, origin) as unknown as PageWindow
  const store = openReplica(dom)
  answerFlush(store, dom)
  window.leaving.push(() => void store.close())
  return store
}
