import type { Store } from "@tidemark/core"
import { MemoryEngine, openStore } from "@tidemark/core/memory"
import {
  type Authorization,
  type Channel,
  type ConnectOptions,
  connect,
  serve,
} from "@tidemark/sync"
import { inProcessChannel } from "@tidemark/sync/in-process"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"

let authority: Store
let authorization: Authorization
const ends: (() => unknown)[] = []
beforeEach(async () => {
  authority = openStore()
  authorization = { principal: "test", kinds: ["u", "v"] }
  ends.push(() => authority.close())
  for (const kind of ["u", "v", "w"]) await authority.setMany(kind, { a: { n: 1 }, b: { n: 2 } })
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** A way to a store, for whoever the authorization says; counts the snapshots that were told. */
function way(store: Store = authority) {
  const told = { snapshots: 0 }
  const links: (() => void)[] = []
  const served = inProcessChannel((end) => {
    links.push(serve(store, end, { authorization: () => authorization }))
  })
  const channel: Channel = {
    open: (receiver) =>
      served.open({
        ...receiver,
        message(message) {
          if (message.type === "snapshot") told.snapshots++
          receiver.message(message)
        },
      }),
  }
  const cut = () => {
    for (const end of links.splice(0)) end()
  }
  return { channel, told, cut }
}

function follower(channel: Channel, options: ConnectOptions = {}): Store {
  const replica = connect(channel, { random: () => 0, ...options })
  ends.push(() => replica.close())
  return replica
}

const nobody: Channel = {
  open(receiver) {
    queueMicrotask(() => receiver.closed(new Error("nobody")))
    return { send() {}, close() {} }
  },
}

describe("C6 what a replica shows", () => {
  it("has the entries of a kind that its principal was granted, at its next hello", async () => {
    const { channel, cut, told } = way()
    const replica = follower(channel)
    expect(await replica.kinds()).toEqual(["u", "v"])
    authorization = { principal: "test", kinds: ["w", "u", "v"] }
    cut()
    await vi.waitFor(() => expect(replica.peek("w", "a")).toEqual({ n: 1 }))
    expect(told.snapshots).toBe(2)
    expect(await replica.list("w")).toEqual(await authority.list("w"))
  })

  it("loses the entries of a kind that was revoked, tells that they are gone, and keeps its outbox", async () => {
    const storage = { base: new MemoryEngine(), outbox: new MemoryEngine() }
    const first = follower(way().channel, { storage })
    expect(await first.count("v")).toBe(2)
    await first.close()
    const offline = follower(nobody, { storage })
    await offline.count("v")
    const writes = [offline.set("u", "mine", 1), offline.set("v", "mine", 1)]
    await Promise.allSettled([...writes, offline.close()])

    authorization = { principal: "test", kinds: ["u"] }
    const refused: unknown[] = []
    const gone: string[] = []
    const second = follower(way().channel, {
      storage,
      onRefused: ({ code }, { ops }) => refused.push([code, ops[0]?.kind]),
    })
    second.watch("v", { types: ["delete"] }).subscribe(({ key }) => gone.push(key))
    await vi.waitFor(() => expect(refused).toEqual([["unauthorized", "v"]]))
    await vi.waitFor(() => expect(second.status.get().pending).toBe(0))
    expect(await second.kinds()).toEqual(["u"])
    expect(gone).toEqual(["a", "b"])
    expect(await authority.get("u", "mine")).toBe(1)
  })

  it("goes on without another state where nothing has changed of what it may and asks for", async () => {
    const storage = { base: new MemoryEngine(), outbox: new MemoryEngine() }
    const follow = ["v", { kind: "u", where: { n: { $gt: 1 } } }]
    const { channel, cut, told } = way()
    const first = follower(channel, { storage, follow })
    expect(await first.keys("u")).toEqual(["b"])
    cut()
    await authority.set("u", "c", { n: 3 })
    await vi.waitFor(() => expect(first.peek("u", "c")).toEqual({ n: 3 }))
    await first.close()
    const second = follower(channel, { storage, follow: [follow[1] as string, "v"] })
    await authority.set("u", "d", { n: 3 })
    await vi.waitFor(() => expect(second.peek("u", "d")).toEqual({ n: 3 }))
    expect(told.snapshots).toBe(1)
  })

  it("is nothing until the authority is reached, when another run had followed something else", async () => {
    const storage = { base: new MemoryEngine(), outbox: new MemoryEngine() }
    const first = follower(way().channel, { storage, follow: ["u"] })
    await first.count("u")
    await first.close()
    for (const follow of [["u", "v"], [{ kind: "u", prefix: "b" }]]) {
      const offline = follower(nobody, { storage, follow })
      await vi.waitFor(() => expect(offline.status.get().connection).toBe("offline"))
      expect(offline.peek("u", "a")).toBeUndefined()
      await offline.close()
    }
    const again = follower(nobody, { storage, follow: ["u"] })
    expect(await again.count("u")).toBe(2)
  })

  it("is the scope that it is served, also where it was served another one before", async () => {
    const [one, two] = [authority.scope("one"), authority.scope("two")]
    await one.set("u", "a", "one")
    await two.set("u", "b", "two")
    let served = way(one as unknown as Store)
    const replica = follower({ open: (receiver) => served.channel.open(receiver) })
    expect(await replica.keys("u")).toEqual(["a"])
    const { cut } = served
    served = way(two as unknown as Store)
    cut()
    await vi.waitFor(() => expect(replica.peek("u", "b")).toBe("two"))
    expect(await replica.keys("u")).toEqual(["b"])
  })
})
