import { once } from "node:events"
import { connect as connectSocket, type Socket } from "node:net"
import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { connect } from "@tidemark/sync"
import { httpChannel } from "@tidemark/sync/http-client"
import { createHandler, type Handler, type HandlerOptions } from "@tidemark/sync/http-handler"
import { listen } from "@tidemark/sync/node"
import { afterEach, beforeEach, describe, expect, it } from "vitest"

const url = "http://app.test/sync"
const client = "c".repeat(32)
let store: Store
let clock: TestClock
beforeEach(() => {
  clock = new TestClock()
  store = openStore()
})
afterEach(() => store.close())

const handlerOf = (options: Partial<HandlerOptions> = {}): Handler =>
  createHandler(store, { clock, authorize: () => ({ principal: "me" }), ...options })
const query = () =>
  `?hello=${encodeURIComponent(JSON.stringify({ protocol: 2, client, epoch: null, position: 0, view: null, follow: null, schemas: {} }))}`
const follow = () => new Request(url + query())
const write = (value: unknown) =>
  new Request(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      type: "mutate",
      answered: 0,
      since: Date.now(),
      kept: true,
      client,
      epoch: store.epoch,
      mutations: [{ mutation: 1, ops: [{ type: "set", kind: "u", key: "a", value }] }],
    }),
  })

describe("C6 a handler that closes", () => {
  it("tells its followers everything up to then, and ends their streams", async () => {
    const handler = handlerOf()
    const text = (await handler(follow())).text()
    await store.set("u", "a", "before")
    for (let n = 0; n < 2_500; n++) store.set("u", "many", n)
    await store.set("u", "a", "last")
    await handler.close()
    expect(await text).toContain('"last"')
    expect(clock.timers).toBe(0)
  })

  it("refuses what comes with 503 and a time to come again, for reads and writes", async () => {
    const handler = handlerOf()
    await handler.close()
    for (const request of [follow(), write(1)]) {
      const response = await handler(request)
      expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"])
    }
    expect(store.position).toBe(0)
  })

  it("answers the writes that are under way", async () => {
    const allowed = Promise.withResolvers<void>()
    const handler = handlerOf({
      authorize: async () => {
        await allowed.promise
        return { principal: "me" }
      },
    })
    const answer = handler(write("under way"))
    const closed = handler.close()
    allowed.resolve()
    expect(await (await answer).json()).toMatchObject([{ type: "ack" }])
    await closed
    expect(await store.get("u", "a")).toBe("under way")
  })

  it("waits no longer than its grace for who does not read, and cuts it off", async () => {
    const handler = handlerOf({ grace: 3_000 })
    const response = await handler(follow())
    let isClosed = false
    const closed = handler.close().then(() => {
      isClosed = true
    })
    await clock.pass(2_999)
    expect(isClosed).toBe(false)
    await clock.pass(1)
    await closed
    await expect(response.text()).rejects.toThrow("cut off")
    expect(clock.timers).toBe(0)
  })

  it("does so once, however often it is asked", async () => {
    const handler = handlerOf()
    const closing = [handler.close(), handler.close()]
    expect(closing[0]).toBe(closing[1])
    await Promise.all([...closing, handler.close()])
  })
})

describe("C6 a server of Node", () => {
  it("sends what it has told before it ends, and its followers go on elsewhere", async () => {
    const first = await listen(handlerOf())
    const replica = connect(httpChannel(first.url))
    await replica.set("u", "a", 1)
    await store.set("u", "b", "last words")
    await first.close()
    await expect.poll(() => replica.get("u", "b"), { timeout: 30_000 }).toBe("last words")
    const pending = replica.set("u", "c", "meanwhile")
    const port = Number(new URL(first.url).port)
    const second = await listen(handlerOf(), { port })
    await pending
    expect(await store.get("u", "c")).toBe("meanwhile")
    await replica.close()
    await second.close()
  })

  it("holds no more for a connection that is not read than the system does, and ends it", async () => {
    const handler = handlerOf({ limits: { stall: 10_000, streamsEach: 1, opensEach: 100_000 } })
    const server = await listen((request) => handler(request))
    const socket: Socket = connectSocket(Number(new URL(server.url).port), "127.0.0.1")
    await once(socket, "connect")
    socket.pause()
    socket.write(`GET /${query()} HTTP/1.1\r\nhost: ${new URL(server.url).host}\r\n\r\n`)
    const value = "x".repeat(1024 * 1024)
    const occupied = async () => {
      const { status, body } = await handler(follow())
      await body?.cancel()
      return status === 429
    }
    await expect.poll(occupied, { timeout: 30_000 }).toBe(true)
    // More than the buffers of both sides take: at some time nothing more is taken from the stream.
    for (let n = 0; n < 40; n++) await store.set("u", "big", `${n}${value}`)
    await expect
      .poll(
        async () => {
          await clock.pass(5_000)
          return occupied()
        },
        { timeout: 30_000 },
      )
      .toBe(false)
    socket.destroy()
    await handler.close()
    await server.close()
  })
})
