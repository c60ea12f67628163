import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { connect, type ServeOptions, type ServerEnd, serve, shareLimits } from "@tidemark/sync"
import { createHandler } from "@tidemark/sync/http-handler"
import { inProcessChannel } from "@tidemark/sync/in-process"
import { afterEach, beforeEach, describe, expect, it } from "vitest"

const client = "c".repeat(32)
const authorization = { principal: "me" }
let store: Store
let clock: TestClock
beforeEach(() => {
  clock = new TestClock()
  store = openStore()
})
afterEach(() => store.close())

const mutate = (mutations: readonly number[], value: unknown = 1) => ({
  type: "mutate",
  answered: 0,
  since: Date.now(),
  kept: true,
  client,
  epoch: store.epoch,
  mutations: mutations.map((mutation) => ({
    mutation,
    ops: [{ type: "set", kind: "u", key: "a", value }],
  })),
})
const hello = {
  type: "hello",
  protocol: 2,
  client,
  epoch: null,
  position: 0,
  view: null,
  follow: null,
  schemas: {},
}

/** A conversation in which a test says what it likes. */
function talk(options: Partial<ServeOptions>, more: Partial<ServerEnd> = {}, served = store) {
  const told: { type: string; mutation?: number; afterMs?: number }[] = []
  const errors: unknown[] = []
  let say: (data: unknown, size?: number) => void = () => {}
  let isOver = false
  const end: ServerEnd = {
    send: (message) => told.push(message),
    receive(message) {
      say = message
    },
    close() {
      isOver = true
    },
    ...more,
  }
  const onError = (error: unknown) => errors.push(error)
  const stop = serve(served, end, { authorization, clock, onError, ...options })
  return { say, told, errors, stop, isOver: () => isOver }
}

describe("C6 an authority over any channel has bounds, where it is given some", () => {
  it("for a principal that may not write, and writes on and on: its refusals do not fill the log", async () => {
    const limits = { writesEach: 5, writesSaved: 5 }
    const reader = { principal: "reader", write: false }
    const channel = inProcessChannel((end) =>
      serve(store, end, { authorization: reader, limits, clock }),
    )
    const replica = connect(channel, { clock })
    await clock.pass(0)
    const writes = Array.from({ length: 20 }, (_, n) => replica.set("u", `${n}`, n))
    const refused = Promise.allSettled(writes)
    await clock.pass(0)
    expect(store.position).toBe(2 * 5) // A mark and a refusal.
    await clock.pass(1_000)
    expect(store.position).toBe(2 * 10 + 5) // It has heard of five, which are let go.
    await clock.pass(10_000)
    for (const { status } of await refused) expect(status).toBe("rejected")
    await replica.close()
  })

  it("that count a principal over HTTP and over other channels together, and each for itself", async () => {
    const limits = shareLimits({ writesEach: 1, writesSaved: 3 }, { clock })
    const handler = createHandler(store, { clock, limits, authorize: () => authorization })
    const post = () =>
      handler(
        new Request("http://app.test/", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(mutate([1, 2])),
        }),
      )
    expect((await post()).status).toBe(200)
    const { say, told } = talk({ limits })
    say(mutate([3, 4]))
    await clock.pass(0)
    expect(told).toMatchObject([
      { type: "ack", mutation: 3 },
      { type: "retry", afterMs: 1_000 },
    ])
    expect((await post()).status).toBe(429)
    const other = talk({ limits, authorization: { principal: "you" } })
    other.say({ ...mutate([1]), client: "d".repeat(32) })
    await clock.pass(0)
    expect(other.told).toMatchObject([{ type: "ack" }])
  })

  it("for bytes in a second: what is over waits, and is taken later", async () => {
    const { say, told } = talk({ limits: { bytesEach: 1_000, bytesSaved: 2_000 } })
    say(mutate([1], "x".repeat(5_000)))
    say(mutate([2], "y"))
    await clock.pass(0)
    expect(told.map(({ type }) => type).toSorted()).toEqual(["ack", "retry"])
    await clock.pass(told.find(({ type }) => type === "retry")?.afterMs ?? 0)
    say(mutate([2], "y"))
    await clock.pass(0)
    expect(told[2]).toMatchObject({ type: "ack", mutation: 2 })
  })

  it("for the clients that it remembers: who begins ever new ones waits, and no one who is known", async () => {
    const limits = shareLimits({ clientsEach: 2 }, { clock })
    const begin = async (name: string, mutation = 1) => {
      const { say, told, stop } = talk({ limits })
      say({ ...mutate([mutation]), client: name.repeat(32) })
      await clock.pass(0)
      stop()
      return told.at(-1)
    }
    expect(await begin("a")).toMatchObject({ type: "ack" })
    expect(await begin("b")).toMatchObject({ type: "ack" })
    expect(await begin("c")).toEqual({ type: "retry", afterMs: 60_000 })
    expect(await begin("a", 2)).toMatchObject({ type: "ack" })
    expect(await store.keys("tidemark:clients")).toHaveLength(2)
    await clock.pass(43_200_000)
    expect(await begin("c")).toMatchObject({ type: "ack" })
    expect(await begin("d")).toMatchObject({ type: "retry" })
  })

  it("for bytes that a touch writes again, however few name them", async () => {
    const { say, told } = talk({ limits: { bytesEach: 10_000, bytesSaved: 100_000 } })
    await store.set("u", "large", "x".repeat(30_000))
    const touching = (mutation: number, times: number) => ({
      ...mutate([]),
      mutations: [
        {
          mutation,
          ops: Array.from({ length: times }, (_, n) => ({
            type: "touch",
            kind: "u",
            key: "large",
            expiresAt: Date.now() + 1e9 + mutation * 1_000 + n,
          })),
        },
      ],
    })
    const touch = async (mutation: number, times: number) => {
      say(touching(mutation, times), 100)
      await clock.pass(0)
      return told.at(-1)
    }
    expect(await touch(1, 4)).toMatchObject({ type: "reject", error: { code: "quota_exceeded" } })
    const before = store.position
    expect(await touch(2, 2)).toMatchObject({ type: "ack" })
    expect(await touch(3, 2)).toMatchObject({ type: "ack" })
    expect(await touch(4, 1)).toMatchObject({ type: "retry" })
    expect(store.position).toBe(before + 6) // Two touches and a mark, twice.
    await clock.pass(10_000)
    expect(await touch(4, 1)).toMatchObject({ type: "ack" })
  })

  it("for bytes of HTTP's bodies too", async () => {
    const handler = createHandler(store, {
      clock,
      limits: { bytesEach: 1_000, bytesSaved: 2_000 },
      authorize: () => authorization,
    })
    const post = (body: object) =>
      handler(
        new Request("http://app.test/", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        }),
      )
    expect((await post(mutate([1], "x".repeat(5_000)))).status).toBe(200)
    const refused = await post(mutate([2]))
    expect(refused.status).toBe(429)
    await clock.pass(Number(refused.headers.get("retry-after")) * 1_000)
    expect((await post(mutate([2]))).status).toBe(200)
  })

  it("for conversations at once, which are free again when one ends", async () => {
    const limits = shareLimits({ streamsEach: 2, streams: 3 }, { clock })
    const [first, second, third] = [talk({ limits }), talk({ limits }), talk({ limits })]
    await clock.pass(0)
    expect(third?.isOver()).toBe(true)
    expect(third?.errors).toMatchObject([{ code: "quota_exceeded" }])
    first?.stop()
    const next = talk({ limits })
    await clock.pass(0)
    expect([second?.isOver(), next.isOver()]).toEqual([false, false])
  })

  it("for how often a conversation begins anew: each may cost a snapshot", async () => {
    const { say, isOver, errors } = talk({ limits: { opensEach: 3 } })
    for (let hellos = 0; hellos < 3; hellos++) say(hello)
    await clock.pass(0)
    expect(isOver()).toBe(false)
    say(hello)
    await clock.pass(0)
    expect(isOver()).toBe(true)
    expect(errors).toMatchObject([{ code: "quota_exceeded" }])
  })

  it("for what waits for its turn, so that a flood costs no memory", async () => {
    const { say, told } = talk({ limits: { writesSaved: 2 } })
    for (let mutation = 1; mutation <= 10; mutation++) say(mutate([mutation]))
    await clock.pass(0)
    expect(told.filter(({ type }) => type === "retry")).toHaveLength(8)
    expect(told.filter(({ type }) => type === "ack")).toMatchObject([
      { mutation: 1 },
      { mutation: 2 },
    ])
  })

  it("for what comes before it is known from whom", async () => {
    const { promise, resolve } = Promise.withResolvers<typeof authorization>()
    const { say, told } = talk({ authorization: () => promise })
    for (let mutation = 1; mutation <= 40; mutation++) say(mutate([mutation]))
    expect(told).toHaveLength(8)
    resolve(authorization)
    await clock.pass(0)
    expect(told.filter(({ type }) => type === "ack")).toHaveLength(32)
  })

  it("for who begins anew before it is known who it is", async () => {
    const { promise, resolve } = Promise.withResolvers<typeof authorization>()
    const { say, isOver, errors } = talk({ authorization: () => promise })
    for (let hellos = 0; hellos < 32; hellos++) say(hello)
    expect(isOver()).toBe(false)
    say(hello)
    expect(isOver()).toBe(true)
    expect(errors).toMatchObject([{ code: "quota_exceeded" }])
    resolve(authorization)
    await clock.pass(0)
  })

  it("of which one may be nothing at all: who has had it is to come again, but not at once", async () => {
    const { say, told } = talk({ limits: { writesEach: 0, writesSaved: 1 } })
    say(mutate([1]))
    say(mutate([2]))
    await clock.pass(0)
    expect(told.toSorted((a, b) => a.type.localeCompare(b.type))).toMatchObject([
      { type: "ack", mutation: 1 },
      { type: "retry", afterMs: 60_000 },
    ])
  })

  it("and ends though who hears of its errors throws", async () => {
    const onError = () => {
      throw new Error("The application's own")
    }
    const { say, isOver } = talk({ onError })
    expect(() => say("no message")).toThrow("The application's own")
    expect(isOver()).toBe(true)
  })

  it("for the size of a mutation, which is refused for good", async () => {
    const { say, told } = talk({ limits: { values: 3 } })
    say(mutate([1], [1, 2, 3, 4]))
    say(mutate([2], { __proto__: null, constructor: { prototype: 1 } }))
    await clock.pass(0)
    expect(told).toMatchObject([
      { type: "reject", error: { code: "quota_exceeded" } },
      { type: "ack" },
    ])
  })

  it("for strangers by default, over all that they have open, and for nobody else", async () => {
    const flood = async ({ say, told, stop }: ReturnType<typeof talk>) => {
      const numbers = Array.from({ length: 500 }, (_, n) => n + 1)
      for (let message = 0; message < 12; message++) say(mutate(numbers))
      await Promise.resolve()
      await Promise.resolve()
      stop() // Nothing of it needs to be written.
      return told.filter(({ type }) => type === "retry").length
    }
    expect(await flood(talk({}))).toBe(0)
    expect(await flood(talk({}, { isOpen: true }))).toBe(2)
    const sockets = Array.from({ length: 33 }, () => talk({}, { isOpen: true }))
    await clock.pass(0)
    expect(sockets.filter(({ isOver }) => isOver())).toHaveLength(1)
    const inScopes = ["a", "a", "b"].map((name) => talk({}, { isOpen: true }, store.scope(name)))
    await clock.pass(0)
    expect(inScopes.filter(({ isOver }) => isOver())).toHaveLength(3)
  })
})
