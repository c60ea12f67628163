import { type Store, StoreError } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { type Channel, connect } from "@tidemark/sync"
import { afterEach, describe, expect, it, vi } from "vitest"
import { openReplica, ways } from "./replicas.ts"

const open: Store[] = []
afterEach(async () => {
  for (const store of open.splice(0)) await store.close()
})

async function opened(
  way: Parameters<typeof openReplica>[0],
  options: Parameters<typeof openReplica>[1] = {},
) {
  const all = await openReplica(way, options)
  open.push(all.replica)
  return all
}

describe.each(Object.entries(ways))("C6 a replica over %s", (_, way) => {
  it("shows what is there, then what changes", async () => {
    const { authority, replica } = await opened(way)
    await authority.setMany("u", { a: 1, b: 2 })
    const live = replica.liveList("u")
    expect(live.status).toBe("loading")
    await live.ready
    expect(live.get().map((entry) => entry.value)).toEqual([1, 2])
    await authority.set("u", "c", 3)
    await vi.waitFor(() => expect(live.get().length).toBe(3))
    expect(replica.status.get().connection).toBe("live")
  })

  it("shows an own write at once, pending until the authority has it", async () => {
    const { authority, replica } = await opened(way)
    await replica.list("u")
    const written = replica.set("u", "a", 1)
    expect(replica.peek("u", "a")).toBe(1)
    expect(replica.status.get().pending).toBe(1)
    await written
    expect((await replica.entry("u", "a"))?.pending).toBeUndefined()
    expect(await authority.get("u", "a")).toBe(1)
    expect(replica.status.get().pending).toBe(0)
  })

  it("keeps writes while the way is cut, and sends each once when it is back", async () => {
    const { authority, replica, way: opened_ } = await opened(way)
    await replica.set("u", "n", 0)
    const seen: unknown[] = []
    authority.watch("u").subscribe((change) => seen.push(change.value))
    for (let n = 1; n <= 5; n++) {
      const writes = [replica.set("u", "n", n), replica.set("u", `k${n}`, n)]
      await opened_.cut()
      await Promise.all(writes)
    }
    await vi.waitFor(() => expect(seen.length).toBe(10))
    expect(await authority.get("u", "n")).toBe(5)
    expect((await authority.entry("u", "n"))?.version).toBe(6)
  })

  it("resumes from its position: nothing is told twice and nothing is missing", async () => {
    const { authority, replica, way: opened_ } = await opened(way)
    await authority.set("u", "a", 1)
    const seen: unknown[] = []
    replica.watch("u", { from: "current" }).subscribe((change) => seen.push(change.value))
    await vi.waitFor(() => expect(seen).toEqual([1]))
    const cut = opened_.cut()
    for (let n = 2; n <= 20; n++) await authority.set("u", "a", n)
    await cut
    await vi.waitFor(() => expect(seen.length).toBe(20), { timeout: 4_000 })
    expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
  })

  it("takes a refused write back, with the authority's reason, and goes on", async () => {
    const { authority, replica } = await opened(way)
    await authority.set("u", "a", 1)
    await replica.list("u")
    const theirs = authority.set("u", "a", 2)
    const mine = replica.set("u", "a", 3, { ifVersion: 1 })
    await theirs
    await expect(mine).rejects.toMatchObject({ code: "conflict", details: { kind: "u", key: "a" } })
    expect(await replica.get("u", "a")).toBe(2)
    await replica.set("u", "b", 1)
    expect(await authority.get("u", "b")).toBe(1)
  })

  it("runs an update again when somebody else was faster", async () => {
    const { authority, replica } = await opened(way)
    await authority.set("u", "n", 0)
    await replica.list("u")
    await Promise.all([
      replica.update("u", "n", (n) => (n as number) + 1),
      authority.update("u", "n", (n) => (n as number) + 1),
      replica.update("u", "n", (n) => (n as number) + 1),
    ])
    expect(await authority.get("u", "n")).toBe(3)
    expect(await replica.get("u", "n")).toBe(3)
  })

  it("follows only the kinds it asks for", async () => {
    const { authority, replica } = await opened(way, { follow: ["u"] })
    await authority.set("u", "a", 1)
    await authority.set("v", "a", 1)
    expect(await replica.kinds()).toEqual(["u"])
    await authority.set("v", "b", 1)
    await authority.set("u", "b", 1)
    await vi.waitFor(async () => expect(await replica.count("u")).toBe(2))
    expect(await replica.count("v")).toBe(0)
  })

  it("takes a large first state in parts, and says how far it is", async () => {
    const authority = openStore()
    const many = Array.from({ length: 12_000 }, (_, n) => [`k${n}`, n] as const)
    await authority.setMany("u", many)
    const served = await way(authority)
    const told: number[] = []
    const replica = connect(served.channel, {
      onProgress: ({ received, total }) => told.push(received / total),
    })
    expect(await replica.count("u")).toBe(12_000)
    expect(told.length).toBe(3)
    expect(told.at(-1)).toBe(1)
    await replica.close()
    await served.close()
    await authority.close()
  })
})

describe("C6 a replica without an authority", () => {
  const dead: Channel = {
    open(receiver) {
      queueMicrotask(() => receiver.closed(new Error("nobody")))
      return { send() {}, close() {} }
    },
  }

  it("is offline, keeps writes, and closes in bounded time with a reason", async () => {
    const replica = connect(dead)
    const write = replica.set("u", "a", 1)
    expect(replica.peek("u", "a")).toBe(1)
    await vi.waitFor(() => expect(replica.status.get().connection).toBe("offline"))
    const [refused] = await Promise.allSettled([write, replica.close()])
    expect(refused).toMatchObject({ status: "rejected", reason: { code: "closed" } })
    expect(StoreError.is((refused as PromiseRejectedResult).reason, "closed")).toBe(true)
  })
})
