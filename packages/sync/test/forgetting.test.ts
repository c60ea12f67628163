import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { betterSqlite3Engine } from "@tidemark/core/better-sqlite3"
import { MemoryEngine, openStore } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { type ClientMessage, connect, type ReplicaStorage, serve } from "@tidemark/sync"
import { inProcessChannel } from "@tidemark/sync/in-process"
import { describe, expect, it, onTestFinished, vi } from "vitest"

/** A day takes a second here, so that little has to happen in it. */
const DAY = 1_000
/** Longer than any of this takes: no sign of life, and no deadline, is waited for. */
const NEVER = 5_000 * DAY
const LIFE = { clientFor: 400 * DAY, memoryClientFor: 7 * DAY }

/** Engines on files, which a next run finds again; gives a function that opens them. */
function files(): () => ReplicaStorage {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-forgotten-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const engine = (name: string) => betterSqlite3Engine({ path: join(folder, name) })
  return () => ({ base: engine("base.db"), outbox: engine("outbox.db") })
}

/** An authority, and a way to it that loses its answers while `isDeaf`. */
function world() {
  const clock = new TestClock(1_000 * DAY)
  const authority = openStore({ clock })
  const way = { isDeaf: false, said: [] as ClientMessage[] }
  let cut = () => {}
  let isDown = false
  const good = inProcessChannel((end) =>
    serve(authority, end, {
      authorization: { principal: "me" },
      limits: LIFE,
      clock,
      heartbeat: NEVER,
    }),
  )
  const channel = {
    open(receiver: Parameters<typeof good.open>[0]) {
      cut = () => receiver.closed("cut")
      if (isDown) return { send() {}, close() {} }
      const link = good.open({
        ...receiver,
        message: (message) => {
          const isLost = way.isDeaf && message.type !== "welcome"
          if (!isLost) receiver.message(message)
        },
      })
      return {
        ...link,
        send(message: ClientMessage) {
          way.said.push(message)
          link.send(message)
        },
        close: () => link.close(),
      }
    },
  }
  const refused: unknown[] = []
  const open = (storage?: ReplicaStorage) =>
    connect(channel, {
      clock,
      random: () => 0.5,
      deadline: NEVER,
      onError: () => {},
      onRefused: (error) => refused.push(error),
      ...(storage === undefined ? {} : { storage }),
    })
  const clients = () =>
    new Set(way.said.flatMap((one) => (one.type === "mutate" ? [one.client] : [])))
  onTestFinished(() => authority.close())
  const goDown = async () => {
    isDown = true
    cut()
    await clock.pass(DAY)
  }
  const comeUp = async () => {
    isDown = false
    cut()
    await clock.pass(DAY)
  }
  return { clock, authority, way, open, refused, clients, goDown, comeUp }
}

describe("C6 the record of a client", () => {
  it.each([
    ["400 days, where it keeps its writes", true, 400],
    ["a week, where it has them in memory", false, 7],
  ])("ends after %s, and each write renews it", async (_, isKept, days) => {
    const { clock, authority, open } = world()
    const storage = isKept ? { base: new MemoryEngine(), outbox: new MemoryEngine() } : undefined
    const replica = open(storage)
    await clock.pass(0)
    const known = async () => (await authority.keys("tidemark:clients")).length
    await replica.set("u", "a", 1)
    for (const value of [2, 3]) {
      await clock.pass((days - 1) * DAY)
      await replica.set("u", "a", value)
      expect(await known()).toBe(1)
    }
    await replica.close()
    await clock.pass((days - 1) * DAY)
    expect(await known()).toBe(1)
    await clock.pass(DAY)
    expect(await known()).toBe(0)
  })

  it("may end while its replica is connected: what it writes then goes on under another name", async () => {
    const { clock, authority, open, clients } = world()
    const replica = open()
    await clock.pass(0)
    await replica.set("u", "a", 1)
    await clock.pass(30 * DAY)
    const writes = ["b", "c"].map((key) => replica.set("u", key, 2))
    await clock.pass(DAY)
    await Promise.all(writes)
    expect(clients().size).toBe(2)
    expect(await authority.count("u")).toBe(3)
    expect((await authority.entry("u", "a"))?.version).toBe(1)
    await replica.close()
  })

  it("that has ended doubles no write: what may be there is refused, and what was never sent goes on", async () => {
    const { clock, authority, way, open, clients, goDown, comeUp } = world()
    const replica = open()
    await clock.pass(0)
    way.isDeaf = true
    const first = replica.set("u", "a", 1)
    const told = expect(first).rejects.toMatchObject({ code: "aborted" })
    await clock.pass(10)
    expect(await authority.get("u", "a")).toBe(1)
    await goDown()
    const later = replica.set("u", "b", 2)
    await clock.pass(8 * DAY)
    await authority.delete("u", "a")
    way.isDeaf = false
    await comeUp()
    await told
    await later
    expect(await authority.get("u", "a")).toBeUndefined()
    expect(await authority.get("u", "b")).toBe(2)
    expect(await replica.get("u", "a")).toBeUndefined()
    expect(replica.status.get().pending).toBe(0)
    expect(clients().size).toBe(2)
    await replica.close()
  })

  it("that has ended is told by onRefused to the next run of a replica", async () => {
    const { clock, authority, way, open, refused } = world()
    const storage = files()
    const replica = open(storage())
    expect(await replica.get("u", "a")).toBeUndefined()
    way.isDeaf = true
    replica.set("u", "a", 1).catch(() => {})
    await vi.waitFor(async () => expect(await authority.get("u", "a")).toBe(1))
    const closing = replica.close() // It waits a while for what is under way.
    await clock.pass(401 * DAY)
    await closing
    await authority.set("u", "a", 2)
    way.isDeaf = false
    const next = open(storage())
    await vi.waitFor(() => expect(refused).toMatchObject([{ code: "aborted" }]))
    expect(await next.get("u", "a")).toBe(2)
    expect((await authority.entry("u", "a"))?.value).toBe(2)
    await next.set("u", "b", 3)
    expect(await authority.get("u", "b")).toBe(3)
    await next.close()
  })
})
