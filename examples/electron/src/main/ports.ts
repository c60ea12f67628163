import { serve } from "@tidemark/sync"
import { messagePortEnd } from "@tidemark/sync/message-port"
import type { IpcMainEvent } from "electron"
import { CONNECT, PORT } from "../shared/channels.ts"
import { WINDOW_KINDS } from "../shared/kinds.ts"
import type { Electron } from "./electron.ts"
import type { NotesStore } from "./open-notes.ts"

export interface PortsOptions {
  /** The id of the window that a message comes from; `undefined` for anybody else. */
  readonly knows: (event: IpcMainEvent) => string | undefined
}

/**
 * Hands ports to windows, one for each request. A window has one at a time: a new one ends the
 * last. Whoever is not a window of ours is not answered.
 */
export class Ports {
  readonly #electron: Pick<Electron, "ipcMain" | "MessageChannelMain">
  readonly #store: NotesStore
  readonly #options: PortsOptions
  readonly #stops = new Map<string, () => void>()
  #closed = false

  constructor(
    electron: Pick<Electron, "ipcMain" | "MessageChannelMain">,
    store: NotesStore,
    options: PortsOptions,
  ) {
    this.#electron = electron
    this.#store = store
    this.#options = options
    electron.ipcMain.on(CONNECT, (event, request: unknown) => this.#connect(event, request))
  }

  /** Whether a window has a port that is open. */
  has(id: string): boolean {
    return this.#stops.has(id)
  }

  /** Ends all and hands out no more. */
  close(): void {
    this.#closed = true
    for (const stop of [...this.#stops.values()]) stop()
  }

  #connect(event: IpcMainEvent, request: unknown): void {
    const id = this.#options.knows(event)
    const frame = event.senderFrame
    if (this.#closed || id === undefined || frame === null || !Number.isSafeInteger(request)) return
    this.#stops.get(id)?.()
    const { port1, port2 } = new this.#electron.MessageChannelMain()
    const end = serve(this.#store, messagePortEnd(port1), {
      authorization: { principal: `window ${id}`, kinds: WINDOW_KINDS },
      onError: (error) => console.warn(`A port of window ${id} was closed:`, error),
    })
    const stop = () => {
      if (this.#stops.get(id) === stop) this.#stops.delete(id)
      end()
    }
    this.#stops.set(id, stop)
    port1.on("close", stop)
    frame.postMessage(PORT, request, [port2])
  }
}
