import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { connect } from "@tidemark/sync"
import { httpChannel } from "@tidemark/sync/http-client"
import { createHandler, type HandlerOptions } from "@tidemark/sync/http-handler"
import { afterEach, beforeEach, describe, expect, it } from "vitest"

const url = "http://app.test/sync"
const client = "c".repeat(32)
const writer = { type: "mutate", answered: 0, since: Date.now(), kept: true }
let store: Store
let clock: TestClock
beforeEach(() => {
  clock = new TestClock()
  store = openStore()
})
afterEach(() => store.close())

const handlerOf = (limits: HandlerOptions["limits"] = {}) =>
  createHandler(store, {
    clock,
    limits,
    authorize: (request) => ({ principal: request.headers.get("x-who") ?? "me" }),
  })
const follow = (who = "me") =>
  new Request(
    `${url}?hello=${encodeURIComponent(JSON.stringify({ protocol: 2, client, epoch: null, position: 0, view: null, follow: null, schemas: {} }))}`,
    { headers: { "x-who": who } },
  )
const setting = (mutation: number, value: unknown = mutation, copies = 1) => ({
  mutation,
  ops: Array.from({ length: copies }, () => ({ type: "set", kind: "u", key: "a", value })),
})
const overwriting = (mutation: number, seen: unknown) => ({
  mutation,
  ops: [{ type: "set", kind: "u", key: "a", value: 1, over: { value: seen } }],
})
const write = (mutations: readonly object[], who = "me", id = client) =>
  new Request(url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-who": who },
    body: JSON.stringify({ ...writer, client: id, epoch: store.epoch, mutations }),
  })
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])

describe("C6 an authority over HTTP has bounds", () => {
  it("for the streams of a principal and of all, which are free again when one ends", async () => {
    const handler = handlerOf({ streamsEach: 2, streams: 3 })
    const first = await handler(follow())
    const others = [await handler(follow()), await handler(follow("you"))]
    const tooMany = await handler(follow())
    expect([tooMany.status, tooMany.headers.get("retry-after")]).toEqual([429, "5"])
    expect((await handler(follow("they"))).status).toBe(503)
    await first.body?.cancel()
    const next = await handler(follow())
    expect(next.status).toBe(200)
    for (const { body } of [...others, next]) await body?.cancel()
  })

  it("for how often a principal opens streams", async () => {
    const handler = handlerOf({ opensEach: 60 })
    for (let opened = 0; opened < 60; opened++) await (await handler(follow())).body?.cancel()
    const refused = await handler(follow())
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"])
    const other = await handler(follow("you"))
    expect(other.status).toBe(200)
    await other.body?.cancel()
    await clock.pass(1_000)
    const again = await handler(follow())
    expect(again.status).toBe(200)
    await again.body?.cancel()
  })

  it("for writes in a second: what is over waits, what is under is taken", async () => {
    const handler = handlerOf({ writesEach: 2, writesSaved: 3 })
    const four = [1, 2, 3, 4].map((mutation) => setting(mutation))
    expect(await (await handler(write(four))).json()).toMatchObject([
      { type: "ack", mutation: 1 },
      { type: "ack", mutation: 2 },
      { type: "ack", mutation: 3 },
      { type: "retry", afterMs: 1_000 },
    ])
    const refused = await handler(write(four.slice(3)))
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"])
    expect(await store.get("u", "a")).toBe(3)
    const other = await handler(write([setting(1, "you")], "you", "d".repeat(32)))
    expect(other.status).toBe(200)
    await clock.pass(1_000)
    expect(await (await handler(write(four.slice(3)))).json()).toMatchObject([{ type: "ack" }])
  })

  it("and saves up no more for who comes back late", async () => {
    const handler = handlerOf({ writesEach: 1, writesSaved: 2 })
    await handler(write([setting(1), setting(2)]))
    await clock.pass(3_600_000)
    const answers = await (await handler(write([3, 4, 5].map((one) => setting(one))))).json()
    expect(answers.map(({ type }: { type: string }) => type)).toEqual(["ack", "ack", "retry"])
  })

  it("for requests that a principal has under way", async () => {
    const handler = handlerOf({ postsEach: 1 })
    const body = new TransformStream<Uint8Array, Uint8Array>()
    const slow = handler(
      new Request(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: body.readable,
        duplex: "half",
      } as RequestInit),
    )
    await clock.pass(0)
    expect((await handler(write([setting(1)]))).status).toBe(429)
    await clock.pass(30_000)
    expect((await slow).status).toBe(408)
    expect((await handler(write([setting(1)]))).status).toBe(200)
  })

  it.each([
    ["ops", { ops: 2 }, setting(1, 1, 3), "quota_exceeded"],
    ["levels", { depth: 2 }, setting(1, nested(3)), "quota_exceeded"],
    ["values", { values: 4 }, setting(1, [1, 2, 3, 4]), "quota_exceeded"],
    [
      "names, at every depth",
      {},
      setting(1, [{ a: JSON.parse('{"__proto__":{"x":1}}') }]),
      "invalid_value",
    ],
    ["levels of what was seen", { depth: 2 }, overwriting(1, nested(3)), "quota_exceeded"],
    ["names of two steps", {}, setting(1, { constructor: { prototype: {} } }), "invalid_value"],
  ])(
    "for the %s of a mutation, which is refused for good, so that it blocks no other",
    async (_, limits, mutation, code) => {
      const handler = handlerOf(limits)
      const answers = await (await handler(write([mutation, setting(2, 2)]))).json()
      expect(answers).toMatchObject([{ type: "reject", error: { code } }, { type: "ack" }])
      expect(await store.get("u", "a")).toBe(2)
      expect(({} as { x?: number }).x).toBeUndefined()
    },
  )

  it("takes what just keeps within them", async () => {
    const handler = handlerOf({ ops: 2, depth: 2, values: 6, mutations: 2 })
    const fits = [setting(1, nested(2), 2), setting(2, { constructor: "Ferrari" })]
    expect(await (await handler(write(fits))).json()).toMatchObject([
      { type: "ack" },
      { type: "ack" },
    ])
  })

  it.each([
    ["more mutations than a message may have", [setting(1), setting(2), setting(3)], 413],
    ["a name in the message itself", [JSON.parse('{"mutation":1,"ops":[],"__proto__":{}}')], 400],
    ["levels where a message has none", [{ mutation: 1, ops: nested(500) }], 413],
  ])("turns away %s", async (_, mutations, status) => {
    expect((await handlerOf({ mutations: 2 })(write(mutations))).status).toBe(status)
    expect(store.position).toBe(0)
  })

  it("lets go of a reader that takes nothing, with what it was to be told", async () => {
    const handler = handlerOf({ streamsEach: 1, stall: 10_000 })
    const response = await handler(follow())
    await clock.pass(9_999)
    expect((await handler(follow())).status).toBe(429)
    await clock.pass(1)
    await expect(response.text()).rejects.toThrow("too slow")
    const next = await handler(follow())
    expect(next.status).toBe(200)
    await next.body?.cancel()
    await expect.poll(() => clock.timers, { timeout: 30_000 }).toBe(0)
  })

  it("keeps a reader that takes what it is told, however quiet its stream is", async () => {
    const handler = handlerOf({ stall: 10_000 })
    const reader = (await handler(follow())).body?.getReader()
    let last = ""
    const read = (async () => {
      for (;;) {
        const part = await reader?.read()
        if (part === undefined || part.done) return
        last = new TextDecoder().decode(part.value)
      }
    })()
    await clock.pass(60_000)
    expect(last).toContain('"alive"')
    await store.set("u", "late", 1)
    await expect.poll(() => last, { timeout: 30_000 }).toContain('"late"')
    await reader?.cancel()
    await read
    await expect.poll(() => clock.timers, { timeout: 30_000 }).toBe(0)
  })

  it("which a replica keeps to when its writes are large: they come in several requests", async () => {
    const handler = handlerOf()
    const sizes: number[] = []
    const ask = async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init)
      if (request.method === "POST") sizes.push((await request.clone().bytes()).byteLength)
      return handler(request)
    }
    const replica = connect(httpChannel(url, { fetch: ask }), { clock })
    await replica.set("u", "first", 1)
    // Written while nothing can be sent, so that all go in one message; of three bytes each.
    const writes = Array.from({ length: 12 }, (_, n) =>
      replica.set("u", `${n}`, "\u20ac".repeat(300_000)),
    )
    await Promise.all(writes)
    expect(await store.count("u")).toBe(13)
    expect(Math.max(...sizes)).toBeLessThan(4 * 1024 * 1024)
    expect(sizes.reduce((sum, size) => sum + size)).toBeGreaterThan(10_000_000)
    await replica.close()
  })

  it.each([
    ["the server has said so", 20_000, Number.POSITIVE_INFINITY],
    ["something on the way takes less than the server has said", 4_000_000, 20_000],
  ])(
    "a write that is larger than a request may be is refused, and holds up no other, where %s",
    async (_, body, onTheWay) => {
      const handler = handlerOf({ body })
      const ask = async (input: RequestInfo | URL, init?: RequestInit) => {
        const request = new Request(input, init)
        const isLarge =
          request.method === "POST" && (await request.clone().bytes()).byteLength > onTheWay
        return isLarge ? new Response("Too large", { status: 413 }) : handler(request)
      }
      const replica = connect(httpChannel(url, { fetch: ask }), { clock, onError: () => {} })
      const first = replica.set("u", "first", "x".repeat(9_000))
      const large = replica.set("u", "large", "x".repeat(30_000))
      const others = ["b", "c", "d"].map((key) => replica.set("u", key, "x".repeat(9_000)))
      await expect(large).rejects.toMatchObject({ code: "quota_exceeded" })
      await Promise.all([first, ...others])
      expect(await store.keys("u")).toEqual(["b", "c", "d", "first"])
      expect(await replica.keys("u")).toEqual(["b", "c", "d", "first"])
      await replica.close()
    },
  )

  it("which a replica keeps to: all its writes arrive, each once", async () => {
    const handler = handlerOf({ writesEach: 5, writesSaved: 5 })
    let posts = 0
    const ask = (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init)
      if (request.method === "POST") posts++
      return handler(request)
    }
    const replica = connect(httpChannel(url, { fetch: ask }), { clock })
    const writes = Array.from({ length: 20 }, (_, index) => replica.set("u", `${index}`, index))
    const done = Promise.all(writes)
    let isDone = false
    done.then(() => {
      isDone = true
    })
    while (!isDone) await clock.pass(500)
    await done
    expect((await store.keys("u")).length).toBe(20)
    expect(await store.count("u")).toBe(20)
    expect((await store.entry("u", "0"))?.version).toBe(1)
    expect(posts).toBeLessThan(30)
    await replica.close()
  })
})
