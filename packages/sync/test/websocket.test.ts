import type { AddressInfo } from "node:net"
import { openStore } from "@tidemark/core/memory"
import { connect, PROTOCOL, serve } from "@tidemark/sync"
import { webSocketChannel, webSocketEnd } from "@tidemark/sync/websocket"
import { expect, it, onTestFinished, vi } from "vitest"
import { WebSocket, WebSocketServer } from "ws"

const ORIGIN = "https://app.example"

async function opened(options: Parameters<typeof webSocketEnd>[1] = {}) {
  const store = openStore()
  const errors: unknown[] = []
  const server = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    verifyClient: ({ origin }: { readonly origin?: string }) =>
      origin === undefined || origin === ORIGIN,
  })
  server.on("connection", (socket) => {
    serve(store, webSocketEnd(socket, options), {
      authorization: { principal: "test" },
      onError: (error) => errors.push(error),
    })
  })
  await new Promise<void>((resolve) => server.once("listening", resolve))
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
  onTestFinished(async () => {
    for (const socket of server.clients) socket.terminate()
    await new Promise<void>((resolve) => server.close(() => resolve()))
    await store.close()
  })
  return { store, server, url, errors }
}

it("C6 follows over Node's own WebSocket, and comes back after a server has hung up", async () => {
  const { store, server, url } = await opened()
  const replica = connect(
    webSocketChannel(() => url),
    { random: () => 0 },
  )
  onTestFinished(() => replica.close())
  await replica.set("u", "a", 1)
  for (const socket of server.clients) socket.terminate()
  await store.set("u", "b", 2)
  await vi.waitFor(async () => expect(await replica.get("u", "b")).toBe(2))
})

it("C6 is not let in from another page where the server checks its origin", async () => {
  const { url, server } = await opened()
  const follow = (origin: string) => {
    const createSocket = (to: string) => new WebSocket(to, { origin })
    const replica = connect(webSocketChannel(url, { createSocket }))
    onTestFinished(() => replica.close())
    return replica
  }
  const foreign = follow("https://evil.example")
  await vi.waitFor(() => expect(foreign.status.get().connection).toBe("offline"))
  expect(server.clients.size).toBe(0)
  const own = follow(ORIGIN)
  await own.set("u", "a", 1)
})

it("C6 is offline where the URL is none, or nobody listens", async () => {
  for (const url of ["not a url", "ws://127.0.0.1:1"]) {
    const replica = connect(webSocketChannel(url))
    await vi.waitFor(() => expect(replica.status.get().connection).toBe("offline"))
    await replica.close()
  }
})

it.each([
  ["no JSON", "{"],
  ["bytes", new Uint8Array([1, 2, 3])],
])("C6 the authority hangs up on %s, with a typed error", async (_, data) => {
  const { url, errors } = await opened()
  const socket = new WebSocket(url)
  const closed = new Promise((resolve) => socket.once("close", resolve))
  socket.once("open", () => socket.send(data))
  expect(await closed).toBe(1000)
  expect(errors).toMatchObject([{ code: "invalid_value" }])
})

it("C6 the authority hangs up on a message over the limit", async () => {
  const { url } = await opened({ maxMessage: 1_000 })
  const socket = new WebSocket(url)
  const closed = new Promise((resolve) => socket.once("close", resolve))
  socket.once("open", () => socket.send("x".repeat(1_001)))
  expect(await closed).toBe(1009)
})

it("C6 tells a slow follower no more than it takes, and then all of it", async () => {
  const store = openStore()
  const socket = new SlowSocket()
  const stop = serve(store, webSocketEnd(socket, { maxBuffered: 1_000 }), {
    authorization: { principal: "test" },
  })
  const client = "0".repeat(32)
  socket.tell({
    type: "hello",
    protocol: PROTOCOL,
    client,
    epoch: null,
    position: 0,
    view: null,
    follow: null,
    schemas: {},
  })
  await vi.waitFor(() => expect(socket.sent.some((one) => one.type === "changes")).toBe(true))
  socket.bufferedAmount = 1_001
  const { length } = socket.sent
  for (let n = 0; n < 50; n++) await store.set("u", "a", n)
  expect(socket.sent.length).toBeLessThanOrEqual(length + 1)
  socket.bufferedAmount = 0
  await vi.waitFor(() => expect(JSON.stringify(socket.sent.at(-1))).toContain('"value":49'))
  stop()
  await store.close()
})

/** A socket whose other side takes nothing by itself. */
class SlowSocket {
  readonly sent: { readonly type: string }[] = []
  readonly readyState = 1
  bufferedAmount = 0
  #listener: (event: { readonly data: unknown }) => void = () => {}

  addEventListener(type: string, listener: (event: { readonly data: unknown }) => void): void {
    if (type === "message") this.#listener = listener
  }

  tell(message: unknown): void {
    this.#listener({ data: JSON.stringify(message) })
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data))
  }

  close(): void {}
}
