import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { type Authorization, connect, reconnect, serve } from "@tidemark/sync"
import { httpChannel } from "@tidemark/sync/http-client"
import { createHandler } from "@tidemark/sync/http-handler"
import { inProcessChannel } from "@tidemark/sync/in-process"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"

let store: Store
let clock: TestClock
/** What the server says of everybody who asks. */
let may: () => Authorization | undefined
beforeEach(() => {
  clock = new TestClock()
  store = openStore()
  may = () => ({ principal: "me", kinds: ["u"] })
})
afterEach(() => store.close())

const ways = {
  HTTP: () => {
    const handler = createHandler(store, { clock, recheck: 1_000, authorize: () => may() })
    const ask = (input: RequestInfo | URL, init?: RequestInit) => handler(new Request(input, init))
    return httpChannel("http://app.test/sync", { fetch: ask })
  },
  "a channel of two ways": () =>
    inProcessChannel((end) =>
      serve(store, end, { clock, recheck: 1_000, authorization: () => may() }),
    ),
}
const replicaOver = (way: keyof typeof ways) =>
  connect(ways[way](), { clock, random: () => 0.5, onError: () => {} })
const connection = (replica: Store) => replica.status.get().connection

describe.each(Object.keys(ways) as (keyof typeof ways)[])("C6 over %s, a principal", (way) => {
  it("who is turned away later is told nothing more, and keeps what it has", async () => {
    const replica = replicaOver(way)
    await replica.set("u", "a", 1)
    may = () => undefined
    await clock.pass(1_000)
    await store.set("u", "a", "secret")
    await clock.pass(1_000)
    expect(connection(replica)).toBe("denied")
    const write = replica.set("u", "b", 2)
    await clock.pass(60_000)
    expect(await replica.get("u", "a")).toBe(1)
    expect(await store.get("u", "b")).toBeUndefined()

    may = () => ({ principal: "me" })
    reconnect(replica)
    await clock.pass(1_000)
    await write
    expect(await store.get("u", "b")).toBe(2)
    expect(await replica.get("u", "a")).toBe("secret")
    await replica.close()
  })

  it("who may write less from now on is held to that, on a link that is open", async () => {
    const replica = replicaOver(way)
    await replica.set("u", "a", 1)
    may = () => ({ principal: "me", kinds: ["u"], write: false })
    await clock.pass(1_000)
    const refused = expect(replica.set("u", "a", 2)).rejects.toMatchObject({ code: "unauthorized" })
    await clock.pass(2_000)
    await refused
    expect(connection(replica)).toBe("live")
    await replica.close()
  })

  it("is asked about in a bounded time, and keeps its link while nothing has changed", async () => {
    let asked = 0
    may = () => {
      asked++
      return { principal: "me", kinds: ["u"] }
    }
    const replica = replicaOver(way)
    await replica.set("u", "a", 1)
    asked = 0
    const states: string[] = []
    replica.status.subscribe(() => states.push(connection(replica)))
    for (let second = 0; second < 5; second++) await clock.pass(1_000)
    expect(asked).toBe(5)
    expect(states).toEqual([])
    await replica.close()
    await vi.waitFor(() => expect(clock.timers).toBe(0))
  })

  it("loses its link while nobody can say what it may, and has it back when somebody can", async () => {
    const replica = replicaOver(way)
    await replica.set("u", "a", 1)
    const known = may
    may = () => {
      throw new Error("The directory is down")
    }
    await clock.pass(1_000)
    await store.set("u", "a", 2)
    await clock.pass(0)
    expect(await replica.get("u", "a")).toBe(1)
    may = known
    await clock.pass(20_000)
    expect(await replica.get("u", "a")).toBe(2)
    await replica.close()
  })
})

it("C6 over HTTP, who is led to another scope from now on is told nothing more of the first", async () => {
  let tenant = "one"
  const handler = createHandler(() => store.scope(tenant), {
    clock,
    recheck: 1_000,
    authorize: () => ({ principal: "me" }),
  })
  const ask = (input: RequestInfo | URL, init?: RequestInit) => handler(new Request(input, init))
  const channel = httpChannel("http://app.test/sync", { fetch: ask })
  const replica = connect(channel, { clock, random: () => 0.5, onError: () => {} })
  const heard: unknown[] = []
  await store.scope("one").set("u", "a", "of one")
  await replica.list("u")
  replica.watch("u").subscribe(({ value }) => heard.push(value))
  await clock.pass(3_000)
  await store.scope("one").set("u", "b", "still of one")
  await clock.pass(0)
  tenant = "two"
  await clock.pass(2_000)
  await store.scope("one").set("u", "c", "secret")
  await store.scope("two").set("u", "d", "of two")
  await clock.pass(2_000)
  expect(heard).toEqual(["still of one", "of one", "still of one", "of two"])
  expect((await replica.list("u")).map(({ value }) => value)).toEqual(["of two"])
  await replica.close()
})

describe("C6 reconnect", () => {
  it("tries at once, and does nothing where the replica is connected", async () => {
    let opened = 0
    const good = ways["a channel of two ways"]()
    let isUp = false
    const replica = connect(
      {
        open(receiver) {
          opened++
          if (isUp) return good.open(receiver)
          throw new Error("The network is down")
        },
      },
      { clock, random: () => 0.5, onError: () => {} },
    )
    await clock.pass(60_000)
    expect(connection(replica)).toBe("offline")
    isUp = true
    opened = 0
    reconnect(replica)
    await clock.pass(0)
    expect(connection(replica)).toBe("live")
    reconnect(replica)
    await clock.pass(60_000)
    expect(opened).toBe(1)
    await replica.close()
    reconnect(replica)
    await clock.pass(60_000)
    expect(opened).toBe(1)
  })

  it("is for replicas alone", () => {
    expect(() => reconnect(store)).toThrow(expect.objectContaining({ code: "unsupported" }))
  })
})
