import { type Clock, StoreError, systemClock } from "@tidemark/core"
import type { Channel, Link, LinkReceiver } from "./channel.ts"
import type { ClientMessage, ServerMessage } from "./message.ts"
import type { ServerEnd } from "./serve.ts"

/** What both sides use of a web WebSocket; those of browsers, Node, Deno and of the package `ws` have it. */
export interface WebSocketLike {
  readonly readyState: number
  /** Bytes that were given to `send` and have not left yet. */
  readonly bufferedAmount: number
  send(data: string): void
  close(code?: number, reason?: string): void
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: "open" | "close" | "error", listener: () => void): void
}

export interface WebSocketChannelOptions {
  /** Opens a socket, where that needs more than a URL: protocols, or headers in Node. */
  readonly createSocket?: (url: string) => WebSocketLike
}

export interface WebSocketEndOptions {
  /** The longest message that is taken, in UTF-16 units. Default 4 Mi. */
  readonly maxMessage?: number
  /** So many bytes may wait for a slow follower before it is told no more for now. Default 1 MiB. */
  readonly maxBuffered?: number
  readonly clock?: Clock
}

/** The state of a socket that is open. */
const OPEN = 1

/** The codes of the WebSocket protocol for how a socket ends. */
const NORMAL = 1000
const TOO_LARGE = 1009

/** How often to see whether a slow follower has caught up, in milliseconds. */
const LOOK_AGAIN = 20

/**
 * The follower's end of a WebSocket: messages as JSON, one in each text frame. The URL may be a
 * function, asked for each link: for one that carries a token which ends.
 *
 * @example
 * const store = connect(webSocketChannel("wss://app.example/tidemark"), { kinds })
 */
export function webSocketChannel(
  url: string | URL | (() => string | URL),
  options: WebSocketChannelOptions = {},
): Channel {
  const { createSocket = (to) => new WebSocket(to) } = options
  return {
    open: (receiver) =>
      new WebSocketLink(
        () => createSocket(String(typeof url === "function" ? url() : url)),
        receiver,
      ),
  }
}

/**
 * The authority's end of a WebSocket that was accepted. A browser lets any page open one, with its
 * user's cookies: check the `Origin` header of the request, and who asks, before it is accepted.
 *
 * @example
 * const server = new WebSocketServer({ port, verifyClient: ({ origin }) => origin === "https://app.example" })
 * server.on("connection", (socket, request) => {
 *   serve(store, webSocketEnd(socket), { authorization: authorizationOf(request) })
 * })
 */
export function webSocketEnd(socket: WebSocketLike, options: WebSocketEndOptions = {}): ServerEnd {
  const { maxMessage = 4 * 1024 * 1024, maxBuffered = 1024 * 1024, clock = systemClock } = options
  const isFull = () => socket.readyState === OPEN && socket.bufferedAmount > maxBuffered
  /** All who wait look together. */
  let emptying: Promise<void> | undefined
  const emptied = async () => {
    while (isFull()) await new Promise<void>((resolve) => clock.after(LOOK_AGAIN, resolve))
    emptying = undefined
  }
  return {
    send(message) {
      if (socket.readyState === OPEN) socket.send(JSON.stringify(message))
    },
    receive(message, closed) {
      socket.addEventListener("message", ({ data }) => {
        if (typeof data === "string" && data.length > maxMessage) {
          socket.close(TOO_LARGE, "The message is too large")
          closed()
        } else message(parsed(data), typeof data === "string" ? data.length : 0)
      })
      socket.addEventListener("close", closed)
      // What follows an error is the end, which is told by itself.
      socket.addEventListener("error", () => {})
    },
    isOpen: true,
    maxMessage, // Of UTF-16 units, of which a text has no more than bytes.
    ready() {
      if (isFull()) emptying ??= emptied()
      return emptying
    },
    close: () => socket.close(NORMAL),
  }
}

class WebSocketLink implements Link {
  readonly #receiver: LinkReceiver
  readonly #socket: WebSocketLike | undefined
  /** What was said before the socket was open. */
  #waiting: ClientMessage[] | undefined = []
  #isClosed = false

  constructor(open: () => WebSocketLike, receiver: LinkReceiver) {
    this.#receiver = receiver
    try {
      this.#socket = open()
    } catch (error) {
      // Told after this call, as every end is.
      queueMicrotask(() => this.#lost(error))
      return
    }
    this.#socket.addEventListener("open", () => this.#begin())
    this.#socket.addEventListener("message", ({ data }) => this.#receive(data))
    this.#socket.addEventListener("close", () => this.#lost("the socket has closed"))
    this.#socket.addEventListener("error", () => this.#lost("the socket has failed"))
  }

  send(message: ClientMessage): void {
    if (this.#isClosed) return
    if (this.#waiting === undefined) this.#socket?.send(JSON.stringify(message))
    else this.#waiting.push(message)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#socket?.close(NORMAL)
  }

  #begin(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const message of waiting) this.send(message)
  }

  #receive(data: unknown): void {
    if (this.#isClosed) return
    const message = parsed(data)
    if (message === undefined)
      this.#lost(new StoreError("protocol_mismatch", "What came over the socket is no message"))
    else this.#receiver.message(message as ServerMessage)
  }

  #lost(reason: unknown): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#socket?.close()
    this.#receiver.closed(reason)
  }
}

/** What a text frame says; `undefined` for what is no JSON. */
function parsed(data: unknown): unknown {
  if (typeof data !== "string") return undefined
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}
