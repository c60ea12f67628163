import { CONNECT, FLUSH, PORT, type PortMessage, type TidemarkBridge } from "./electron-ipc.ts"

export type { TidemarkBridge } from "./electron-ipc.ts"

/** What a preload script gives of Electron and of its page; nothing here imports Electron. */
export interface PreloadParts {
  readonly contextBridge: { exposeInMainWorld(name: string, api: object): void }
  readonly ipcRenderer: {
    on(channel: string, listener: (event: PortsEvent, request: unknown) => void): unknown
    send(channel: string, request: number): void
  }
  readonly window: {
    readonly location: { readonly origin: string }
    postMessage(message: unknown, origin: string, transfer: MessagePort[]): void
  }
}

/** A message from main: Electron's IpcRendererEvent. */
export interface PortsEvent {
  readonly ports: readonly MessagePort[]
}

/**
 * Gives a page its way to main's store: `window.tidemark`, which has one function and passes
 * nothing on that the page says, and the ports that main sends, as messages of the page's own
 * window. A page of another origin, should one ever be loaded, gets nothing.
 *
 * @example
 * exposeTidemark({ contextBridge, ipcRenderer, window }, { origins: ["app://notes"] })
 */
export function exposeTidemark(
  { contextBridge, ipcRenderer, window }: PreloadParts,
  { origins }: { readonly origins: readonly string[] },
): void {
  const { origin } = window.location
  if (!origins.includes(origin)) return
  let requests = 0
  const bridge: TidemarkBridge = {
    connect() {
      requests += 1
      ipcRenderer.send(CONNECT, requests)
      return requests
    },
  }
  contextBridge.exposeInMainWorld("tidemark", bridge)
  const pass = (message: PortMessage, { ports }: PortsEvent) =>
    window.postMessage(message, origin, [...ports])
  ipcRenderer.on(PORT, (event, request) => pass({ type: PORT, request: request as number }, event))
  ipcRenderer.on(FLUSH, (event) => pass({ type: FLUSH }, event))
}
