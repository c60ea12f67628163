import { type Clock, type Kinds, type Store, systemClock } from "@tidemark/core"
import type { Authorization } from "./authorization.ts"
import { boundsOf, type SharedLimits } from "./bounds.ts"
import { CONNECT, FLUSH, PORT } from "./electron-ipc.ts"
import { type Limits, UNLIMITED } from "./limits.ts"
import { type EmitterPort, messagePortEnd } from "./message-port.ts"
import { serve } from "./serve.ts"

/** A frame of a window, as far as it is used here: Electron's WebFrameMain. */
export interface WindowFrame {
  readonly url: string
  postMessage(channel: string, message: unknown, transfer?: EmitterPort[]): void
}

/** What a window shows: Electron's WebContents. */
export interface WindowContents {
  readonly mainFrame: WindowFrame
  postMessage(channel: string, message: unknown, transfer?: EmitterPort[]): void
}

/** Where a message comes from: Electron's IpcMainEvent. */
export interface WindowEvent<C extends WindowContents = WindowContents> {
  readonly sender: C
  readonly senderFrame: WindowFrame | null
}

/** What main gives of Electron; nothing here imports it. */
export interface ElectronMain<C extends WindowContents = WindowContents> {
  readonly ipcMain: {
    on(channel: string, listener: (event: WindowEvent<C>, request: unknown) => void): unknown
    off(channel: string, listener: (event: WindowEvent<C>, request: unknown) => void): unknown
  }
  readonly MessageChannelMain: new () => {
    readonly port1: EmitterPort
    readonly port2: EmitterPort
  }
}

/** Who a window is, what it may do, and which store it sees. */
export interface WindowAccess extends Authorization {
  /** The store for this window, such as a scope; the one that is served when not given. */
  readonly store?: Store
}

export interface ServeWindowsOptions<C extends WindowContents = WindowContents> {
  /** The origins of the application's own pages, such as `"app://notes"`. No other page gets a port. */
  readonly origins: readonly string[]
  /**
   * Who a window is, and what it may do; `undefined` for one that the application does not know. Asked
   * when the window wants a port, and again every `recheck` milliseconds.
   */
  readonly authorize: (contents: C) => WindowAccess | undefined
  /** Hears why the port of a window was closed. */
  readonly onError?: (error: unknown, contents: C) => void
  /** How much is taken from all windows, and from each principal; without limits when not given. */
  readonly limits?: Partial<Limits> | SharedLimits
  /** As of `serve`: how often `authorize` is asked again, in milliseconds. Default 300,000. */
  readonly recheck?: number
  /** As of `serve`: how often both sides show life, in milliseconds. */
  readonly heartbeat?: number
  readonly clock?: Clock
}

/** The ports that windows have. */
export interface WindowPorts<C extends WindowContents = WindowContents> {
  /** Whether a window has a port that is open, and so may have something pending. */
  has(contents: C): boolean
  /** Ends the port of a window; it may ask for another one. */
  end(contents: C): void
  /** Ends all and hands out no more. */
  close(): void
}

/**
 * Lets windows follow a store of the main process. A window that asks gets a port if it asks from
 * the top frame, shows a page of one of the origins, and is known; whoever is not, is not answered.
 * A window has one port at a time: a new one ends the last. Each message that comes over a port is
 * checked, and each write against what its window may do.
 *
 * @throws StoreError `unsupported` for what is not a store that was opened here.
 * @example
 * const ports = serveWindows(store, { ipcMain, MessageChannelMain }, {
 *   origins: ["app://notes"],
 *   authorize: (contents) => windows.has(contents.id) ? { principal: `window ${contents.id}`, kinds: ["notes"] } : undefined,
 * })
 */
export function serveWindows<K extends Kinds, C extends WindowContents>(
  store: Store<K>,
  electron: ElectronMain<C>,
  options: ServeWindowsOptions<C>,
): WindowPorts<C> {
  const { authorize, onError = () => {}, recheck, heartbeat, clock } = options
  const origins = options.origins.map(originOf)
  const limits = boundsOf(options.limits ?? UNLIMITED, clock ?? systemClock)
  const stops = new Map<C, () => void>()
  /** What throws here would end the application. */
  const accessOf = (contents: C) => {
    try {
      return authorize(contents)
    } catch (error) {
      onError(error, contents)
      return undefined
    }
  }
  const hand = ({ sender, senderFrame: frame }: WindowEvent<C>, request: unknown) => {
    if (frame === null || frame !== sender.mainFrame || !Number.isSafeInteger(request)) return
    const origin = originOf(frame.url)
    if (origin === undefined || !origins.includes(origin)) return
    const access = accessOf(sender)
    if (access === undefined) return
    stops.get(sender)?.()
    const { port1, port2 } = new electron.MessageChannelMain()
    let first: WindowAccess | undefined = access
    const stillMay = () => {
      const known = first ?? authorize(sender)
      first = undefined // By what it said first it is served; from then on it is asked.
      return known
    }
    const stop = serve<Kinds>((access.store ?? store) as Store<Kinds>, messagePortEnd(port1), {
      authorization: stillMay,
      limits,
      onError: (error) => onError(error, sender),
      onEnd: () => {
        if (stops.get(sender) === stop) stops.delete(sender)
      },
      ...(recheck === undefined ? {} : { recheck }),
      ...(heartbeat === undefined ? {} : { heartbeat }),
      ...(clock === undefined ? {} : { clock }),
    })
    stops.set(sender, stop)
    frame.postMessage(PORT, request, [port2])
  }
  electron.ipcMain.on(CONNECT, hand)
  return {
    has: (contents) => stops.has(contents),
    end: (contents) => stops.get(contents)?.(),
    close() {
      electron.ipcMain.off(CONNECT, hand)
      for (const stop of [...stops.values()]) stop()
    },
  }
}

/** Whether a window had sent everything; if not, how many writes were left, as far as it said. */
export type Flushed =
  | { readonly done: true }
  | { readonly done: false; readonly pending: number | undefined }

export interface FlushOptions {
  /** How long the window may take, in milliseconds. Default 2,000. */
  readonly patience?: number
  readonly clock?: Clock
}

/**
 * Asks the page of a window that is to close to send what it has pending, and waits until it has,
 * or gives up. The page answers where it has called `answerFlush`.
 */
export function flushWindow(
  contents: Pick<WindowContents, "postMessage">,
  electron: Pick<ElectronMain, "MessageChannelMain">,
  { patience = 2_000, clock = systemClock }: FlushOptions = {},
): Promise<Flushed> {
  const { port1, port2 } = new electron.MessageChannelMain()
  return new Promise((resolve) => {
    let pending: number | undefined
    const end = (flushed: Flushed) => {
      cancel()
      port1.close()
      resolve(flushed)
    }
    const cancel = clock.after(patience, () => end({ done: false, pending }))
    port1.on("message", ({ data }) => {
      if (data === 0) end({ done: true })
      else if (Number.isSafeInteger(data) && (data as number) > 0) pending = data as number
    })
    port1.start()
    contents.postMessage(FLUSH, null, [port2])
  })
}

/** The origin of a URL; of schemes that the standard does not know `URL.origin` says "null". */
function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}
