import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { createHandler, type HandlerOptions } from "@tidemark/sync/http-handler"
import { afterEach, beforeEach, describe, expect, it } from "vitest"

const url = "http://app.test/sync"
const client = "c".repeat(32)
let store: Store
beforeEach(() => {
  store = openStore()
})
afterEach(() => store.close())

const post = (body: object, headers: Record<string, string> = {}, at = url) =>
  new Request(at, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  })
const get = (headers: Record<string, string> = {}, at = url) =>
  new Request(
    `${at}?hello=${encodeURIComponent(JSON.stringify({ protocol: 2, client, epoch: null, position: 0, view: null, follow: null, schemas: {} }))}`,
    { headers },
  )
const mutate = (more: object = {}) => ({
  type: "mutate",
  answered: 0,
  since: Date.now(),
  kept: true,
  client,
  epoch: store.epoch,
  mutations: [{ mutation: 1, ops: [{ type: "set", kind: "u", key: "a", value: 1 }], ...more }],
})
const told = async (response: Response) => [
  response.status,
  await response.text(),
  [...response.headers],
]

describe("C6 requests of other sites", () => {
  const handlerOf = () =>
    createHandler(store, {
      origins: ["https://listed.test"],
      authorize: () => ({ principal: "me" }),
    })

  it.each([
    ["a page elsewhere", { origin: "https://evil.test" }],
    ["a page without an origin of its own", { origin: "null" }],
    ["an image or a script elsewhere", { "sec-fetch-site": "cross-site" }],
    ["a sibling domain", { "sec-fetch-site": "same-site" }],
    [
      "a page that a browser calls foreign",
      { origin: "http://app.test", "sec-fetch-site": "cross-site" },
    ],
    ["a listed name in another scheme", { origin: "http://listed.test" }],
    ["a name that only begins like ours", { origin: "http://app.test.evil.test" }],
    ["our name in another scheme", { origin: "https://app.test" }],
    ["our name at another port", { origin: "http://app.test:8080" }],
    [
      "who says itself what it was sent for",
      {
        origin: "https://evil.test",
        "x-forwarded-host": "evil.test",
        "x-forwarded-proto": "https",
      },
    ],
  ])("are refused: %s", async (_, headers) => {
    for (const request of [post(mutate(), headers), get(headers)]) {
      expect((await handlerOf()(request)).status).toBe(403)
    }
    expect(store.position).toBe(0)
  })

  it.each([
    ["its own page", { origin: "http://app.test", "sec-fetch-site": "same-origin" }],
    [
      "its own page behind a proxy that takes care of TLS",
      { origin: "https://app.test", "sec-fetch-site": "same-origin" },
    ],
    ["a listed one", { origin: "https://listed.test", "sec-fetch-site": "cross-site" }],
    ["what is no browser", {}],
    ["who typed the address", { "sec-fetch-site": "none" }],
  ])("are told from %s", async (_, headers) => {
    expect((await handlerOf()(post(mutate(), headers))).status).toBe(200)
    const stream = await handlerOf()(get(headers))
    expect(stream.status).toBe(200)
    await stream.body?.cancel()
  })

  it.each([
    "text/plain",
    "application/jsonp",
    "application/x-www-form-urlencoded",
    "text/json",
    "",
  ])("cannot come as a form: %j is refused", async (type) => {
    expect((await handlerOf()(post(mutate(), { "content-type": type }))).status).toBe(415)
    expect(store.position).toBe(0)
  })

  it("and a charset beside the type is accepted", async () => {
    const type = { "content-type": "Application/JSON; charset=utf-8" }
    expect((await handlerOf()(post(mutate(), type))).status).toBe(200)
  })
})

describe("C6 the name of a server", () => {
  const handlerOf = (options: Partial<HandlerOptions>) =>
    createHandler(store, { ...options, authorize: () => ({ principal: "me" }) })
  const status = async (options: Partial<HandlerOptions>, headers: Record<string, string>) =>
    (await handlerOf(options)(post(mutate(), headers))).status

  it("is any, unless it is listed: another one that leads to its address is not answered", async () => {
    const rebound = { host: "evil.test:8080", origin: "http://evil.test:8080" }
    expect(await status({}, rebound)).toBe(200)
    const hosts = ["App.test", "localhost:8080"]
    expect(await status({ hosts }, rebound)).toBe(403)
    expect(await status({ hosts }, { host: "localhost" })).toBe(403)
    expect(await status({ hosts }, { host: "localhost:8080" })).toBe(200)
    expect(await status({ hosts }, { host: "app.test", origin: "http://app.test" })).toBe(200)
    expect((await handlerOf({ hosts })(get({ host: "evil.test" }))).status).toBe(403)
  })

  it("is what the proxy in front says, where that is trusted", async () => {
    const forwarded = {
      host: "10.0.0.7:3000",
      origin: "https://app.example",
      "x-forwarded-host": "app.example, inner.example",
      "x-forwarded-proto": "https",
    }
    expect(await status({}, forwarded)).toBe(403)
    expect(await status({ trustProxy: true }, forwarded)).toBe(200)
    expect(await status({ trustProxy: true, hosts: ["app.example"] }, forwarded)).toBe(200)
    expect(await status({ hosts: ["app.example"] }, forwarded)).toBe(403)
    expect(await status({ trustProxy: true }, { ...forwarded, origin: "http://app.example" })).toBe(
      403,
    )
  })
})

describe("G6 one handler for many scopes", () => {
  const tenants = ["ours", "theirs"]
  const handlerOf = () =>
    createHandler(
      (request, { principal }) => {
        const tenant = new URL(request.url).pathname.slice(1)
        return tenants.includes(tenant) && principal === `member of ${tenant}`
          ? store.scope(tenant)
          : undefined
      },
      {
        authorize: (request) => ({ principal: `member of ${request.headers.get("x-of")}` }),
      },
    )
  const at = (tenant: string) => `http://app.test/${tenant}`

  it("answers the same for a scope that is not there and for one of others", async () => {
    await store.scope("theirs").set("u", "secret", 1)
    const position = store.position
    for (const ask of [get, (headers = {}, where = url) => post(mutate(), headers, where)]) {
      const absent = await told(await handlerOf()(ask({ "x-of": "ours" }, at("nobody"))))
      expect(await told(await handlerOf()(ask({ "x-of": "ours" }, at("theirs"))))).toEqual(absent)
      expect(absent[0]).toBe(403)
    }
    expect(store.position).toBe(position)
  })

  it("writes to the scope of the request alone, under one client id too", async () => {
    const handler = handlerOf()
    await handler(post(mutate(), { "x-of": "ours" }, at("ours")))
    await handler(post(mutate(), { "x-of": "theirs" }, at("theirs")))
    expect(await store.scope("ours").get("u", "a")).toBe(1)
    expect(await store.scope("theirs").get("u", "a")).toBe(1)
    expect(await store.kinds()).toEqual([])
  })

  it("G7 tells nobody how full another scope is", async () => {
    await store.scope("theirs").set("u", "secret", "x".repeat(100))
    const expectation = { quota: { scope: "theirs", bytes: 1 } }
    const asking = post(mutate({ expect: [expectation] }), { "x-of": "ours" }, at("ours"))
    const [answer] = await (await handlerOf()(asking)).json()
    expect(answer).toMatchObject({ type: "reject", error: { code: "unauthorized" } })
    expect(JSON.stringify(answer)).not.toContain("10")
  })
})

describe("C6 principals of one store", () => {
  const handlerOf = () =>
    createHandler(store, {
      authorize: (request) => ({
        principal: request.headers.get("x-who") ?? "",
        kinds: [request.headers.get("x-who") ?? ""],
      }),
    })

  it("who choose one idempotency key are told of their own writes alone", async () => {
    await store.set("ann", "a", "secret")
    const deleting = (who: string, id: string) =>
      post(
        {
          ...mutate({ idempotencyKey: "once", ops: [{ type: "delete", kind: who, key: "a" }] }),
          client: id.repeat(32),
        },
        { "x-who": who },
      )
    const [own] = await (await handlerOf()(deleting("ann", "a"))).json()
    expect(own).toMatchObject({ results: [{ existed: true, previous: "secret" }] })
    await store.set("bob", "a", "bob's")
    const [other] = await (await handlerOf()(deleting("bob", "b"))).json()
    expect(other).toMatchObject({ results: [{ existed: true, previous: "bob's" }] })
    await store.set("ann", "a", "again")
    await handlerOf()(deleting("ann", "c"))
    expect(await store.get("ann", "a")).toBe("again")
  })

  it("cannot write or follow under the client id of another", async () => {
    await handlerOf()(
      post(mutate({ ops: [{ type: "set", kind: "ann", key: "a", value: 1 }] }), { "x-who": "ann" }),
    )
    const forged = mutate({ mutation: 2, ops: [{ type: "set", kind: "bob", key: "a", value: 1 }] })
    expect((await handlerOf()(post(forged, { "x-who": "bob" }))).status).toBe(403)
    const stream = await handlerOf()(get({ "x-who": "bob" }))
    expect(await stream.text()).toMatch(/^data: \{"type":"denied"[^\n]*\n\n$/)
    expect(await store.get("bob", "a")).toBeUndefined()
  })
})
