import type { Channel } from "./channel.ts"
import type { ClientMessage, ServerMessage } from "./message.ts"
import type { ServerEnd } from "./serve.ts"

/** A MessagePort of a browser or of worker_threads, a Worker, or the global scope of one. */
export interface WebPort {
  postMessage(message: unknown): void
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: "close", listener: () => void): void
  start?(): void
  close?(): void
}

/** A MessagePortMain of Electron's main process, which speaks Node's dialect. */
export interface EmitterPort {
  postMessage(message: unknown): void
  on(event: "message", listener: (event: { readonly data: unknown }) => void): unknown
  on(event: "close", listener: () => void): unknown
  start(): void
  close(): void
}

export type Port = WebPort | EmitterPort

/** Says to the other end that this one is done; a port that closes does not tell everywhere. */
const BYE = "tidemark:bye"

/**
 * The follower's end of a port. `connect` is called for each link, because a port that has closed
 * does not open again; a rejection counts as a link that was lost.
 *
 * @example
 * const store = connect(messagePortChannel(() => askMainForAPort()), { kinds })
 */
export function messagePortChannel(connect: () => Port | Promise<Port>): Channel {
  return {
    open(receiver) {
      let closed = false
      const lost = (reason: unknown) => {
        if (!closed) receiver.closed(reason)
        closed = true
      }
      const port = Promise.resolve().then(connect)
      port
        .then((opened) => {
          listen(
            opened,
            (data) => {
              for (const message of Array.isArray(data) ? data : [data])
                if (!closed) receiver.message(message as ServerMessage)
            },
            () => lost("the port has closed"),
          )
        })
        .catch(lost)
      return {
        send(message: ClientMessage) {
          if (closed) return
          port.then((opened) => opened.postMessage(message)).catch(lost)
        },
        close() {
          if (closed) return
          closed = true
          port.then(end, () => {})
        },
      }
    },
  }
}

/**
 * The authority's end of a port. What it is given in one turn goes in one message: for a port, each
 * costs more than most of what is in it, and many writes are answered at once.
 */
export function messagePortEnd(port: Port): ServerEnd {
  let waiting: ServerMessage[] = []
  let lost = () => {}
  const flush = () => {
    const messages = waiting
    waiting = []
    if (messages.length > 0) port.postMessage(messages.length === 1 ? messages[0] : messages)
  }
  const flushLater = () => {
    try {
      flush()
    } catch {
      lost()
    }
  }
  return {
    send(message) {
      if (waiting.push(message) === 1) queueMicrotask(flushLater)
    },
    receive(message, closed) {
      lost = closed
      listen(port, message, closed)
    },
    close() {
      try {
        flush()
      } finally {
        end(port)
      }
    },
  }
}

function listen(port: Port, message: (data: unknown) => void, closed: () => void): void {
  const receive = ({ data }: { readonly data: unknown }) =>
    data === BYE ? closed() : message(data)
  if ("addEventListener" in port) {
    port.addEventListener("message", receive)
    port.addEventListener("close", closed)
  } else {
    port.on("message", receive)
    port.on("close", closed)
  }
  port.start?.()
}

function end(port: Port): void {
  try {
    port.postMessage(BYE)
  } finally {
    port.close?.()
  }
}
