import { type Clock, type Kinds, type Store, StoreError, systemClock } from "@tidemark/core"
import type { Channel } from "./channel.ts"
import { FLUSH, PORT, type PortMessage, type TidemarkBridge } from "./electron-ipc.ts"
import { messagePortChannel } from "./message-port.ts"

/** What a page uses of its window to talk with the preload script. */
export interface PageWindow extends Pick<Window, "addEventListener" | "removeEventListener"> {
  readonly location: { readonly origin: string }
  /** Missing where the preload script did not run, as in a plain browser. */
  readonly tidemark?: TidemarkBridge
}

export interface ElectronChannelOptions {
  /** The page's own window when not given. */
  readonly window?: PageWindow
  /** How long to wait for a port before asking again, in milliseconds. Default 5,000. */
  readonly patience?: number
  readonly clock?: Clock
}

/**
 * The follower's end in a window: ports to main's store, one for each link, by way of the preload
 * script's `exposeTidemark`.
 *
 * @example
 * const store = connect(electronChannel(), { kinds })
 */
export function electronChannel(options: ElectronChannelOptions = {}): Channel {
  return messagePortChannel(() => requestPort(options))
}

/**
 * Tells main, when it asks before it closes this window, how many writes are pending: now and as
 * they settle. Gives a function that stops it.
 */
export function answerFlush<K extends Kinds>(
  store: Pick<Store<K>, "status">,
  window: PageWindow = globalThis.window as PageWindow,
): () => void {
  const stops = new Set<() => void>()
  const answer = (event: MessageEvent<Partial<PortMessage> | null>) => {
    const port = event.ports[0]
    if (!isOwnMessage(window, event) || event.data?.type !== FLUSH || port === undefined) return
    const tell = () => port.postMessage(store.status.get().pending)
    stops.add(store.status.subscribe(tell))
    tell()
  }
  window.addEventListener("message", answer)
  return () => {
    window.removeEventListener("message", answer)
    for (const stop of stops) stop()
  }
}

/** Asks main for a port. Rejects when none comes: main does not answer strangers. */
function requestPort(options: ElectronChannelOptions): Promise<MessagePort> {
  const { patience = 5_000, clock = systemClock } = options
  const window = options.window ?? (globalThis.window as PageWindow)
  const { tidemark } = window
  if (tidemark === undefined) {
    const error = new StoreError("unsupported", "This page has no way to a main process", {
      hint: "Call exposeTidemark in the window's preload script, with the origin of this page",
    })
    return Promise.reject(error)
  }
  return new Promise((resolve, reject) => {
    const take = (event: MessageEvent<Partial<PortMessage> | null>) => {
      const { data, ports } = event
      const port = ports[0]
      if (!isOwnMessage(window, event) || data?.type !== PORT || port === undefined) return
      if (!("request" in data) || data.request !== request) return
      end()
      resolve(port)
    }
    const cancel = clock.after(patience, () => {
      end()
      reject(new StoreError("unauthorized", "Main has not sent a port"))
    })
    const end = () => {
      cancel()
      window.removeEventListener("message", take)
    }
    window.addEventListener("message", take)
    // The port comes in a message of its own, after this call has returned.
    const request = tidemark.connect()
  })
}

/** Whether a message was sent by this window itself: no frame and no opener can speak for the preload script. */
function isOwnMessage(window: PageWindow, event: MessageEvent): boolean {
  return event.source === (window as unknown) && event.origin === window.location.origin
}
