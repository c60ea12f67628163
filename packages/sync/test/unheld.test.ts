import type { Store } from "@tidemark/core"
import { MemoryEngine, openStore } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { connect, type ReplicaStorage } from "@tidemark/sync"
import { hostileChannel, seededRandom } from "@tidemark/sync/testing"
import { describe, expect, it } from "vitest"
import { inProcess } from "./channels.ts"
import { openReplica, ways } from "./replicas.ts"

const UNHELD = [{ kind: "places", hold: false }, "notes"] as const
const names = Array.from({ length: 300 }, (_, n) => `p${String(n).padStart(3, "0")}`)
const places = names.map((key, n) => [key, { size: (n * 37) % 300, open: n % 3 === 0 }] as const)
const byOpen = { where: { open: true }, orderBy: "size", limit: 5 }

describe.each(Object.entries(ways))("C6 a kind that is not held, over %s", (_, way) => {
  it("C6 is read and shown as on the authority, and nothing of it stays in the base or on the disk", async () => {
    const storage = { base: new MemoryEngine(), outbox: new MemoryEngine() }
    const follow = [...UNHELD]
    const { authority, replica } = await openReplica(way, { follow, storage })
    await authority.setMany("places", places)
    await authority.set("notes", "a", 1)
    const live = replica.liveList("places", byOpen)
    live.subscribe(() => {})
    await live.ready
    expect(live.get()).toEqual(await authority.list("places", byOpen))
    expect(await replica.count("places", { where: { open: true } })).toBe(100)
    expect(await replica.get("places", "p007")).toEqual(await authority.get("places", "p007"))
    expect(await replica.kinds()).toEqual(["notes", "places"])
    expect((await replica.snapshot()).entries).toEqual((await authority.snapshot()).entries)
    await replica.set("places", "p000", { size: -1, open: true })
    await replica.delete("places", live.get()[1]?.key ?? "")
    expect(live.get()).toEqual(await authority.list("places", byOpen))
    await replica.close()
    expect(storage.base.snapshot().rows.map(({ kind }) => kind)).toEqual(["notes"])
  })

  it("C6 asked before a write is confirmed, shows it over what was read", async () => {
    const { authority, replica } = await openReplica(way, { follow: [...UNHELD] })
    await authority.setMany("places", places)
    expect(await replica.count("places")).toBe(300)
    const written = replica.set("places", "zz", { size: 1_000, open: true })
    const last = { orderBy: { size: "desc" }, limit: 1 } as const
    expect((await replica.list("places", last))[0]).toMatchObject({ key: "zz" })
    expect(await replica.count("places")).toBe(301)
    await written
    expect(await replica.count("places")).toBe(301)
    expect(await authority.count("places")).toBe(301)
    await replica.close()
  })
})

it("C6 of very many, as many are told as are shown", async () => {
  const authority = openStore()
  const many = Array.from({ length: 5_000 }, (_, n) => [`p${n}`, (n * 7919) % 5_000] as const)
  await authority.setMany(
    "places",
    many.map(([key, size]) => [key, { size }] as const),
  )
  const served = await inProcess(authority, { authorization: { principal: "test" } })
  const told: number[] = []
  const channel: typeof served.channel = {
    open: (receiver) =>
      served.channel.open({
        ...receiver,
        message(message) {
          if (message.type === "answer" && "found" in message && "rows" in message.found)
            told.push(message.found.rows.length)
          if (message.type === "snapshot") told.push(message.rows.length)
          receiver.message(message)
        },
      }),
  }
  const replica = connect(channel, { follow: [{ kind: "places", hold: false }] })
  const list = await replica.list("places", { orderBy: "size", limit: 50 })
  expect(list.map(({ value }) => value)).toEqual(list.map((_, size) => ({ size })))
  expect(told).toEqual([0, 51])
  await replica.close()
  await served.close()
  await authority.close()
})

it("C6 who asks more than its limit is answered later, and answered", async () => {
  const clock = new TestClock()
  const authority = openStore({ clock })
  await authority.setMany("places", places)
  const served = await inProcess(authority, {
    authorization: { principal: "test" },
    clock,
    limits: { asksEach: 2, asksSaved: 5 },
  })
  const replica = connect(served.channel, { clock, follow: [...UNHELD], deadline: 600_000 })
  const asked = names.slice(0, 12).map((name) => replica.get("places", name))
  let answers: unknown[] | undefined
  Promise.all(asked).then((all) => {
    answers = all
  })
  await clock.until(() => answers !== undefined)
  expect(answers).toEqual(places.slice(0, 12).map(([, value]) => value))
  await replica.close()
  await served.close()
  await authority.close()
})

it("C6 offline, a read fails in time and a live result keeps what it shows, until it can be read again", async () => {
  const clock = new TestClock()
  const authority = openStore({ clock })
  await authority.setMany("places", places)
  const served = await inProcess(authority, { authorization: { principal: "test" }, clock })
  let isOut = false
  const channel: typeof served.channel = {
    open(receiver) {
      if (!isOut) return served.channel.open(receiver)
      queueMicrotask(() => receiver.closed("no way"))
      return { send() {}, close() {} }
    },
  }
  const options = { clock, follow: [...UNHELD], deadline: 5_000, onError() {} }
  const replica = connect(channel, options)
  const shown = replica.liveList("places", { prefix: "p00" })
  shown.subscribe(() => {})
  await shown.ready
  isOut = true
  served.cut()
  await clock.until(() => replica.status.get().connection === "offline")
  const late = replica.live("places", "p250")
  late.subscribe(() => {})
  const missed = replica.get("places", "p200").catch((error) => error.code)
  await clock.until(() => late.status === "failed")
  expect(await missed).toBe("storage_unavailable")
  expect(late.error).toMatchObject({ code: "storage_unavailable" })
  expect(shown.get()).toHaveLength(10)
  isOut = false
  await clock.until(() => late.status === "ready")
  expect(late.get()).toEqual(await authority.get("places", "p250"))
  await replica.close()
  await served.close()
  await authority.close()
})

it("C6 what is asked after others have moved the sequence by what nobody sees is answered", async () => {
  const authority = openStore()
  await authority.setMany("places", places)
  const served = await inProcess(authority, { authorization: { principal: "test" } })
  const [asking, refused] = [
    connect(served.channel, { follow: [...UNHELD] }),
    connect(served.channel),
  ]
  expect(await asking.count("places")).toBe(300)
  const late = refused.set("notes", "a", 1, { ifVersion: 7 })
  await expect(late).rejects.toMatchObject({ code: "conflict" })
  expect(await asking.get("places", "p007")).toEqual(await authority.get("places", "p007"))
  for (const one of [asking, refused, served, authority]) await one.close()
})

it("C6 a live result that was not read in time is read again, though the link has never ended", async () => {
  const clock = new TestClock()
  const authority = openStore({ clock })
  await authority.setMany("places", places)
  const served = await inProcess(authority, { authorization: { principal: "test" }, clock })
  let isMute = true
  const channel: typeof served.channel = {
    open: (receiver) =>
      served.channel.open({
        ...receiver,
        message: (message) => {
          if (message.type !== "answer" || !isMute) receiver.message(message)
        },
      }),
  }
  const options = { clock, follow: [...UNHELD], deadline: 5_000, onError() {} }
  const replica = connect(channel, options)
  const shown = replica.liveList("places", { prefix: "p00" })
  shown.subscribe(() => {})
  await clock.until(() => shown.status === "failed")
  isMute = false
  await clock.until(() => shown.status === "ready")
  expect(shown.get()).toHaveLength(10)
  expect(replica.status.get().connection).toBe("live")
  for (const one of [replica, served, authority]) await one.close()
})

it("C6 of a kind that may not be read nothing is told, as of one that is empty", async () => {
  const authority = openStore()
  await authority.set("secrets", "a", 1)
  await authority.set("places", "a", 1)
  const served = await inProcess(authority, {
    authorization: { principal: "test", kinds: ["places"] },
  })
  const follow = ["secrets", "places"].map((kind) => ({ kind, hold: false }))
  const replica = connect(served.channel, { follow })
  expect(await replica.get("secrets", "a")).toBeUndefined()
  expect(await replica.list("secrets")).toEqual([])
  expect(await replica.count("secrets")).toBe(0)
  expect(await replica.history("secrets", "a")).toEqual([])
  expect(await replica.kinds()).toEqual(["places"])
  await replica.close()
  await served.close()
  await authority.close()
})

describe("C6 replicas that do not hold a kind, over a channel that drops, doubles, delays and cuts", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "show what the authority has, at rest, also after they were closed and opened again, and lose no write (seed %i)",
    async (seed) => {
      const clock = new TestClock()
      const random = seededRandom(seed)
      const authority = openStore({ clock })
      const served = await inProcess(authority, { authorization: { principal: "test" }, clock })
      const faults = { drop: 0.03, double: 0.15, delay: 200, reorder: 0.05, cut: 0.03 }
      const query = { where: { open: true }, orderBy: "size", limit: 4 }
      const disks = [1, 2].map(() => ({ base: new MemoryEngine(), outbox: new MemoryEngine() }))
      let runs = 0
      const open = (storage: ReplicaStorage) => {
        const channel = hostileChannel(served.channel, {
          ...faults,
          seed: seed * 10 + ++runs,
          clock,
        })
        const replica = connect(channel, {
          clock,
          random,
          deadline: 4_000,
          follow: [...UNHELD],
          storage,
          onError() {},
        })
        const lists = [replica.liveList("places", query), replica.liveList("places")] as const
        for (const list of lists) list.subscribe(() => {})
        return { replica, lists }
      }
      const replicas = disks.map(open)
      const done = async (work: Promise<unknown>) => {
        let isDone = false
        work.then(() => {
          isDone = true
        })
        await clock.until(() => isDone)
      }
      const written: Promise<unknown>[] = []
      let noted = 0
      for (let step = 0; step < 60; step++) {
        const stores = [authority, ...replicas.map(({ replica }) => replica)]
        const store = stores[Math.floor(random() * stores.length)] as Store
        const key = `k${Math.floor(random() * 12)}`
        const value = { size: Math.floor(random() * 20), open: random() < 0.6 }
        const changed =
          random() < 0.7 ? store.set("places", key, value) : store.delete("places", key)
        for (const one of [changed, store.set("notes", `${step}`, step)])
          written.push(one.catch(({ code }) => expect(code).toBe("closed")))
        noted++
        if (random() < 0.4) await new Promise((resolve) => setImmediate(resolve))
        if (step % 20 !== 19) continue
        const at = Math.floor(random() * replicas.length)
        // What was on its way is told to be closed, and is sent by the next run.
        await done(replicas[at]?.replica.close() as Promise<void>)
        replicas[at] = open(disks[at] as ReplicaStorage)
      }
      await done(Promise.all(written))
      await clock.until(() => replicas.every(({ replica }) => replica.status.get().pending === 0))
      await clock.until(async () => (await authority.count("notes")) === noted)
      const text = (entries: unknown) => JSON.stringify(entries)
      for (const { replica, lists } of replicas) {
        const wanted = [await authority.list("places", query), await authority.list("places")]
        await clock.until(() => lists.every((list, at) => text(list.get()) === text(wanted[at])))
        let counted: number | undefined
        const ask = (): Promise<unknown> => replica.count("places").then((n) => (counted = n), ask)
        ask()
        await clock.until(() => counted === wanted[1]?.length)
        await replica.close()
      }
      await served.close()
      await authority.close()
    },
  )
})
