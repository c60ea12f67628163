import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { MessageChannel } from "node:worker_threads"
import type { Store } from "@tidemark/core"
import {
  type Authorization,
  type ClientMessage,
  type ServeOptions,
  type ServerEnd,
  serve,
} from "@tidemark/sync"
import { acceptBroadcast, broadcastChannel } from "@tidemark/sync/broadcast-channel"
import { serveWindows } from "@tidemark/sync/electron-main"
import { electronChannel } from "@tidemark/sync/electron-renderer"
import { httpChannel } from "@tidemark/sync/http-client"
import { createHandler } from "@tidemark/sync/http-handler"
import { inProcessChannel } from "@tidemark/sync/in-process"
import { messagePortChannel, messagePortEnd, type Port } from "@tidemark/sync/message-port"
import { listen } from "@tidemark/sync/node"
import type { ServedChannel, ServeOver } from "@tidemark/sync/testing"
import { webSocketChannel, webSocketEnd } from "@tidemark/sync/websocket"
import { Hono } from "hono"
import { WebSocketServer } from "ws"
import { type FakeContents, FakeMain, ORIGIN, openWindow } from "./electron-fakes.ts"

/** Every channel that Node has, each serving a store. */
export const channels: Readonly<Record<string, ServeOver>> = {
  "the same process": inProcess,
  "a MessagePort": overPorts,
  "a BroadcastChannel": overBroadcast,
  "Electron's windows": overWindows,
  HTTP: overHttp,
  "HTTP, in an application of Hono's": (authority, options) => overHttp(authority, options, inHono),
  "a WebSocket": overSockets,
}

type Options = ServeOptions & { readonly authorization: Authorization }

/** What is open on the authority's side, and how to end it. */
class Open {
  readonly #ends = new Set<() => void>()

  get size(): number {
    return this.#ends.size
  }

  /** Serves one end of a link. */
  serve(authority: Store, end: ServerEnd, options: ServeOptions): void {
    const stop = serve(authority, end, { ...options, onEnd: () => this.#ends.delete(stop) })
    this.#ends.add(stop)
  }

  /** Notes something else that is open; gives what is to be called when it is not any more. */
  add(stop: () => void): () => void {
    this.#ends.add(stop)
    return () => this.#ends.delete(stop)
  }

  cut(): void {
    for (const stop of [...this.#ends]) stop()
  }
}

export function inProcess(authority: Store, options: Options): ServedChannel {
  const open = new Open()
  const channel = inProcessChannel((end) => open.serve(authority, end, options))
  return {
    channel,
    links: () => open.size,
    cut: () => open.cut(),
    inject: (data) => channel.open({ message() {}, closed() {} }).send(data as ClientMessage),
    close: () => open.cut(),
  }
}

export function overPorts(authority: Store, options: Options): ServedChannel {
  const open = new Open()
  const connect = () => {
    const { port1, port2 } = new MessageChannel()
    open.serve(authority, messagePortEnd(port1 as unknown as Port), options)
    return port2
  }
  return {
    channel: messagePortChannel(() => connect() as unknown as Port),
    links: () => open.size,
    cut: () => open.cut(),
    inject: (data) => connect().postMessage(data),
    close: () => open.cut(),
  }
}

let names = 0

function overBroadcast(authority: Store, options: Options): ServedChannel {
  const open = new Open()
  const name = `test-${++names}`
  const stop = acceptBroadcast(name, (end) => open.serve(authority, end, options))
  const channel = broadcastChannel(name)
  return {
    channel,
    links: () => open.size,
    cut: () => open.cut(),
    inject: (data) => channel.open({ message() {}, closed() {} }).send(data as ClientMessage),
    close: stop,
  }
}

/** A window of its own for each link: one has a single port. */
function overWindows(authority: Store, options: Options): ServedChannel {
  const main = new FakeMain()
  const windows: FakeContents[] = []
  const { authorization, onError = () => {} } = options
  const ports = serveWindows(authority, main, {
    origins: [ORIGIN],
    authorize: () => authorization,
    onError,
  })
  const open = () => {
    const { contents, page } = openWindow(main)
    windows.push(contents)
    return electronChannel({ window: page.window })
  }
  return {
    channel: { open: (receiver) => open().open(receiver) },
    links: () => windows.filter((contents) => ports.has(contents)).length,
    cut() {
      for (const contents of windows) ports.end(contents)
    },
    inject: (data) =>
      open()
        .open({ message() {}, closed() {} })
        .send(data as ClientMessage),
    close: () => ports.close(),
  }
}

type Answer = (request: Request) => Promise<Response>

function inHono(answer: Answer): Answer {
  const app = new Hono().all("/api/sync", ({ req }) => answer(req.raw))
  return async (request) => app.fetch(request)
}

async function overHttp(
  authority: Store,
  options: Options,
  inside: (answer: Answer) => Answer = (answer) => answer,
): Promise<ServedChannel> {
  const { authorization, onError = () => {} } = options
  const handler = createHandler(authority, {
    authorize: () => authorization,
    prototypeNames: true,
    onError,
  })
  const open = new Open()
  const server = await listen(inside(async (request) => counted(await handler(request), open)))
  const address = new URL("/api/sync", server.url).href
  return {
    channel: httpChannel(address),
    links: () => open.size,
    cut: () => open.cut(),
    async inject(data) {
      const body = JSON.stringify(data)
      const headers = { "content-type": "application/json" }
      const url = `${address}?hello=${encodeURIComponent(body)}`
      const asked = [fetch(address, { method: "POST", headers, body }), fetch(url, { headers })]
      // A server may also hang up on what is too long.
      for (const answer of await Promise.allSettled(asked)) {
        if (answer.status === "fulfilled") await answer.value.body?.cancel()
      }
    },
    close: () => server.close(),
  }
}

async function overSockets(authority: Store, options: Options): Promise<ServedChannel> {
  const open = new Open()
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 })
  server.on("connection", (socket) => open.serve(authority, webSocketEnd(socket), options))
  await once(server, "listening")
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    channel: webSocketChannel(url),
    links: () => open.size,
    cut: () => open.cut(),
    async inject(data) {
      const socket = new WebSocket(url)
      await once(socket, "open")
      socket.send(JSON.stringify(data))
    },
    async close() {
      for (const socket of server.clients) socket.terminate()
      server.close()
      await once(server, "close")
    },
  }
}

/** The same answer; a stream counts as open until it ends. */
function counted(response: Response, open: Open): Response {
  if (response.headers.get("content-type")?.startsWith("text/event-stream") !== true)
    return response
  const cut = new AbortController()
  const over = open.add(() => cut.abort())
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  response.body?.pipeTo(writable, { signal: cut.signal }).then(over, over)
  return new Response(readable, response)
}
