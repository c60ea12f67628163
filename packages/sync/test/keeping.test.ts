import { cpSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Store } from "@tidemark/core"
import { betterSqlite3Engine, openStore as openFile } from "@tidemark/core/better-sqlite3"
import { openStore } from "@tidemark/core/memory"
import { answeringLater } from "@tidemark/core/testing"
import { type Channel, connect, type ReplicaStorage } from "@tidemark/sync"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { portWay } from "./replicas.ts"

let folder: string
let authority: Store
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-replica-"))
  authority = openStore()
})
afterEach(async () => {
  await authority.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Storage as in a worker: engines on files that answer later. */
function storage(): ReplicaStorage {
  const engine = (name: string) => answeringLater(betterSqlite3Engine({ path: join(folder, name) }))
  return { base: engine("base.db"), outbox: engine("outbox.db") }
}

const nobody: Channel = {
  open(receiver) {
    queueMicrotask(() => receiver.closed(new Error("nobody")))
    return { send() {}, close() {} }
  },
}

describe("C6 a replica with storage", () => {
  it("opens with what it had, without its authority", async () => {
    await authority.setMany(
      "u",
      Array.from({ length: 25_000 }, (_, n) => [`k${n}`, { n }] as const),
    )
    const first = connect((await portWay(authority)).channel, { storage: storage() })
    await first.set("u", "own", 1)
    await authority.set("u", "later", 2)
    await vi.waitFor(() => expect(first.peek("u", "later")).toBe(2))
    const position = first.position
    await first.close()

    const second = connect(nobody, { storage: storage() })
    expect(await second.count("u")).toBe(25_002)
    expect(await second.get("u", "own")).toBe(1)
    expect(second.position).toBe(position)
    expect(second.status.get()).toMatchObject({
      connection: "offline",
      storage: "file",
      pending: 0,
    })
    await second.close()
  })

  it("keeps a write that could not be sent, shows it as pending after a restart, and sends it once", async () => {
    await authority.set("u", "a", { n: 0 })
    const first = connect((await portWay(authority)).channel, { storage: storage() })
    await first.list("u")
    await first.close()

    const offline = connect(nobody, { storage: storage() })
    await offline.list("u")
    const write = offline.set("u", "a", { n: 1 })
    await Promise.allSettled([write, offline.close()])
    await expect(write).rejects.toMatchObject({ code: "closed" })
    expect(await authority.get("u", "a")).toEqual({ n: 0 })

    const again = connect(nobody, { storage: storage() })
    await again.list("u")
    await vi.waitFor(() => expect(again.status.get().pending).toBe(1))
    expect(await again.entry("u", "a")).toMatchObject({ value: { n: 1 }, pending: true })
    await again.close()

    const online = connect((await portWay(authority)).channel, { storage: storage() })
    await vi.waitFor(async () => expect(await authority.get("u", "a")).toEqual({ n: 1 }))
    await vi.waitFor(() => expect(online.status.get().pending).toBe(0))
    expect((await authority.entry("u", "a"))?.version).toBe(2)
    await online.close()
  })

  it("writes again after a restart, with numbers that were never given before", async () => {
    for (const n of [1, 2, 3]) {
      const replica = connect((await portWay(authority)).channel, { storage: storage() })
      await replica.set("u", "a", n)
      await replica.set("u", `only ${n}`, n)
      await vi.waitFor(() => expect(replica.status.get().pending).toBe(0))
      await replica.close()
      expect(await authority.get("u", "a")).toBe(n)
      expect(await authority.get("u", `only ${n}`)).toBe(n)
    }
  })

  it("follows an authority that has lost the end of its sequence, and sends it what it owes", async () => {
    const path = join(folder, "authority.db")
    const first = openFile({ path })
    await first.setMany("u", { a: 1, b: 1 })
    cpSync(path, `${path}-copy`)
    cpSync(`${path}-wal`, `${path}-copy-wal`)
    let served = await portWay(first)
    const channel: Channel = { open: (receiver) => served.channel.open(receiver) }
    const replica = connect(channel, { storage: storage() })
    await replica.set("u", "b", 2)
    await replica.set("u", "b", 3)
    await served.close()
    await first.close()

    rmSync(path)
    cpSync(`${path}-copy`, path)
    cpSync(`${path}-copy-wal`, `${path}-wal`)
    const second = openFile({ path })
    const owed = replica.set("u", "a", 9)
    served = await portWay(second)
    await owed
    expect(await second.list("u")).toMatchObject([{ value: 9 }, { value: 1 }])
    expect(await replica.list("u")).toEqual(await second.list("u"))
    await replica.close()
    await second.close()
  })

  it("goes on above the authority's number when its outbox was put back from an older copy", async () => {
    const run = async (value: number) => {
      const store = connect((await portWay(authority)).channel, { storage: storage() })
      await store.list("u")
      await vi.waitFor(() => expect(store.status.get().connection).toBe("live"))
      await store.set("u", "a", value)
      await store.close()
    }
    await run(1)
    cpSync(folder, `${folder}-copy`, { recursive: true })
    await run(2)
    rmSync(folder, { recursive: true })
    cpSync(`${folder}-copy`, folder, { recursive: true })
    await run(3)
    expect(await authority.get("u", "a")).toBe(3)
    rmSync(`${folder}-copy`, { recursive: true })
  })

  it("tells who asked of a kept write that is refused later", async () => {
    await authority.set("u", "a", 1)
    const offline = connect(nobody, { storage: storage() })
    await Promise.allSettled([offline.set("u", "a", 2, { ifVersion: 7 }), offline.close()])
    const refused: string[] = []
    const online = connect((await portWay(authority)).channel, {
      storage: storage(),
      onRefused: (error) => refused.push(error.code),
    })
    await vi.waitFor(() => expect(refused).toEqual(["conflict"]))
    expect(await online.get("u", "a")).toBe(1)
    await online.close()
  })

  it("takes a new snapshot when it is asked to follow other kinds", async () => {
    await authority.set("u", "a", 1)
    await authority.set("v", "a", 1)
    const first = connect((await portWay(authority)).channel, { storage: storage(), follow: ["u"] })
    expect(await first.kinds()).toEqual(["u"])
    await first.close()
    const second = connect((await portWay(authority)).channel, {
      storage: storage(),
      follow: ["u", "v"],
    })
    expect(await second.kinds()).toEqual(["u", "v"])
    await second.close()
  })

  it("meets an authority of another epoch with its state, and sends what it still owes", async () => {
    await authority.setMany("u", { gone: 1, same: 1 })
    const first = connect((await portWay(authority)).channel, { storage: storage() })
    await first.list("u")
    await first.close()
    const offline = connect(nobody, { storage: storage() })
    await offline.list("u")
    await Promise.allSettled([offline.set("u", "mine", 1), offline.close()])

    const restored = openStore()
    await restored.set("u", "same", 1)
    const seen: string[] = []
    const online = connect((await portWay(restored)).channel, { storage: storage() })
    online.watch("u").subscribe(({ type, key }) => seen.push(`${type} ${key}`))
    await vi.waitFor(async () => expect(await restored.get("u", "mine")).toBe(1))
    await vi.waitFor(() => expect(online.peek("u", "gone")).toBeUndefined())
    await vi.waitFor(() => expect(online.status.get().pending).toBe(0))
    expect(await online.keys("u")).toEqual(["mine", "same"])
    expect(online.epoch).toBe(restored.epoch)
    expect((await restored.entry("u", "mine"))?.version).toBe(1)
    await online.close()
    await restored.close()
  })
})
