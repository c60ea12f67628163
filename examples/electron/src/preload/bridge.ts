import type { ContextBridge, IpcRenderer, IpcRendererEvent } from "electron"
import {
  CLOSING,
  type ClosingMessage,
  CONNECT,
  ORIGIN_ARGUMENT,
  PORT,
  type PortMessage,
  type TidemarkBridge,
} from "../shared/channels.ts"

/** What the preload script uses of Electron, and of its page. */
export interface BridgeParts {
  readonly contextBridge: Pick<ContextBridge, "exposeInMainWorld">
  readonly ipcRenderer: Pick<IpcRenderer, "on" | "send">
  readonly window: Pick<Window, "postMessage"> & { readonly location: Pick<Location, "origin"> }
  /** The arguments of this process. */
  readonly argv: readonly string[]
}

/**
 * Gives a page of ours its way to the store: `window.tidemark.connect()`, and the ports that main
 * sends. The page hears of them as messages of its own window, which a port can travel in. Another
 * page, should one ever be loaded here, gets nothing.
 */
export function exposeBridge({ contextBridge, ipcRenderer, window, argv }: BridgeParts): void {
  const { origin } = window.location
  if (!argv.includes(`${ORIGIN_ARGUMENT}${origin}`)) return
  let requests = 0
  const bridge: TidemarkBridge = {
    connect() {
      requests += 1
      ipcRenderer.send(CONNECT, requests)
      return requests
    },
  }
  contextBridge.exposeInMainWorld("tidemark", bridge)
  ipcRenderer.on(PORT, ({ ports }: IpcRendererEvent, request: number) => {
    const message: PortMessage = { type: PORT, request }
    window.postMessage(message, origin, [...ports])
  })
  ipcRenderer.on(CLOSING, ({ ports }: IpcRendererEvent) => {
    const message: ClosingMessage = { type: CLOSING }
    window.postMessage(message, origin, [...ports])
  })
}
