import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { createHandler, type HandlerOptions } from "@tidemark/sync/http-handler"
import { listen } from "@tidemark/sync/node"
import { afterEach, beforeEach, describe, expect, it } from "vitest"

const client = "c".repeat(32)
let store: Store
beforeEach(() => {
  store = openStore()
})
afterEach(() => store.close())

const url = "http://app.test/sync"
const hello = (more: object = {}) =>
  `${url}?hello=${encodeURIComponent(JSON.stringify({ protocol: 2, client, epoch: null, position: 0, view: null, follow: null, schemas: {}, ...more }))}`
const post = (body: unknown, headers: Record<string, string> = {}) =>
  new Request(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  })
const mutate = (value: unknown) => ({
  type: "mutate",
  answered: 0,
  since: Date.now(),
  kept: true,
  client,
  epoch: store.epoch,
  mutations: [{ mutation: 1, ops: [{ type: "set", kind: "u", key: "a", value }] }],
})
const handlerOf = (options: Partial<HandlerOptions> = {}) =>
  createHandler(store, { authorize: () => ({ principal: "me" }), ...options })

/** Reads messages of a stream until one is of a type. */
async function readUntil(response: Response, type: string): Promise<{ type: string }[]> {
  const messages: { type: string }[] = []
  const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>)
    .pipeThrough(new TextDecoderStream())
    .getReader()
  let text = ""
  while (messages.at(-1)?.type !== type) {
    const { done, value } = await reader.read()
    if (done) break
    text += value
    const events = text.split("\n\n")
    text = events.pop() ?? ""
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1]
      if (data !== undefined) messages.push(JSON.parse(data))
    }
  }
  await reader.cancel()
  return messages
}

describe("C6 the HTTP handler", () => {
  it("ends a stream without an error when its store is closed, also before it has begun", async () => {
    await store.close()
    const response = await handlerOf()(new Request(hello()))
    expect(await response.text()).not.toContain("data:")
  })

  it("streams a welcome, the state and then changes", async () => {
    await store.set("u", "a", 1)
    const response = await handlerOf()(new Request(hello()))
    expect(response.headers.get("content-type")).toContain("text/event-stream")
    expect((await readUntil(response, "changes")).map(({ type }) => type)).toEqual([
      "welcome",
      "reset",
      "snapshot",
      "changes",
    ])
  })

  it("goes on from the position that a returning EventSource tells in a header", async () => {
    await store.set("u", "a", 1)
    await store.set("u", "b", 1)
    const told = await readUntil(await handlerOf()(new Request(hello())), "changes")
    const { epoch, view } = told.at(-1) as unknown as { epoch: string; view: string }
    const request = new Request(hello({ epoch, view }), {
      headers: { "last-event-id": "1" },
    })
    const messages = await readUntil(await handlerOf()(request), "changes")
    expect(messages.at(-1)).toMatchObject({ from: 1, to: 2, changes: [{ key: "b" }] })
  })

  it("refuses another protocol in a message that both understand", async () => {
    const messages = await readUntil(
      await handlerOf()(new Request(hello({ protocol: 99 }))),
      "incompatible",
    )
    expect(messages).toEqual([{ type: "incompatible", reason: "protocol", min: 2, max: 2 }])
  })

  it("answers mutations", async () => {
    const response = await handlerOf()(post(mutate(1)))
    expect(await response.json()).toMatchObject([{ type: "ack", mutation: 1 }])
    expect(await store.get("u", "a")).toBe(1)
  })

  it.each([
    ["nobody in particular", () => new Request(hello()), { authorize: () => undefined }, 403],
    ["a foreign page", () => post(mutate(1), { origin: "http://evil.test" }), {}, 403],
    ["a form", () => post(mutate(1), { "content-type": "text/plain" }), {}, 415],
    ["no JSON", () => post("{"), {}, 400],
    ["an unknown message", () => post({ type: "drop" }), {}, 400],
    [
      "a hello by POST",
      () =>
        post({
          type: "hello",
          protocol: 2,
          client,
          epoch: null,
          position: 0,
          view: null,
          follow: null,
          schemas: {},
        }),
      {},
      400,
    ],
    ["a malformed client", () => new Request(hello({ client: "../../etc" })), {}, 400],
    ["a hello that is none", () => new Request(url), {}, 400],
    ["a position below zero", () => new Request(hello({ position: -1 })), {}, 400],
    [
      "a body over the limit",
      () => post(mutate("x".repeat(2000))),
      { limits: { body: 1000 } },
      413,
    ],
    ["another method", () => new Request(url, { method: "PUT" }), {}, 405],
  ] as const)("turns away %s", async (_, request, options, status) => {
    const response = await handlerOf(options as Partial<HandlerOptions>)(request())
    expect(response.status).toBe(status)
    expect(store.position).toBe(0)
  })

  it("lets its own page and listed origins in", async () => {
    const own = await handlerOf()(post(mutate(1), { origin: "http://app.test", host: "app.test" }))
    expect(own.status).toBe(200)
    const listed = handlerOf({ origins: ["http://other.test"] })
    expect((await listed(post(mutate(1), { origin: "http://other.test" }))).status).toBe(200)
  })

  it("stops reading a body that has no end at the limit", async () => {
    let pulled = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++
        controller.enqueue(new Uint8Array(1024))
      },
    })
    const request = new Request(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: endless,
      duplex: "half",
    } as RequestInit)
    expect((await handlerOf({ limits: { body: 10_000 } })(request)).status).toBe(413)
    expect(pulled).toBeLessThan(20)
  })

  it("takes a body that is cut off for no failure of its own", async () => {
    const reported: unknown[] = []
    const cut = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error("gone"))
      },
    })
    const request = new Request(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: cut,
      duplex: "half",
    } as RequestInit)
    const handler = handlerOf({ onError: (error) => reported.push(error) })
    expect([(await handler(request)).status, reported]).toEqual([408, []])
  })

  it("tells nothing of its own failures but reports them", async () => {
    const reported: unknown[] = []
    const authorize = () => {
      throw new Error("secret")
    }
    const response = await handlerOf({ authorize, onError: (error) => reported.push(error) })(
      post(mutate(1)),
    )
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain("secret")
    expect(reported.length).toBe(1)
  })
})

describe("listen", () => {
  it("refuses a port in use with a hint", async () => {
    const first = await listen(() => new Response("ok"))
    const port = Number(new URL(first.url).port)
    await expect(listen(() => new Response("no"), { port })).rejects.toMatchObject({
      code: "busy",
      hint: expect.stringContaining("PORT"),
    })
    expect(await (await fetch(first.url)).text()).toBe("ok")
    await first.close()
  })
})
