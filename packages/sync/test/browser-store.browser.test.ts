import { defineKinds, kind, type StoreError } from "@tidemark/core"
import { TestClock } from "@tidemark/core/testing"
import {
  type BrowserStore,
  type BrowserStoreOptions,
  openBrowserStore,
  openOpfs,
} from "@tidemark/sync/browser"
import { afterEach, describe, expect, it, vi } from "vitest"

let names = 0
const newName = () => `test-${Date.now()}-${++names}`

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** Opens the store of a name, as one more tab would. */
async function open(options: BrowserStoreOptions): Promise<BrowserStore> {
  const store = await openBrowserStore(options)
  ends.push(() => store.close())
  return store
}

/** Makes workers as they are made where nothing is said, and keeps them at hand. */
function watchedWorkers() {
  const workers: Worker[] = []
  const createWorker = () => {
    const url = new URL("../dist/opfs-worker.js", import.meta.url)
    const worker = new Worker(url, { type: "module" })
    workers.push(worker)
    return worker
  }
  return { workers, createWorker }
}

describe("C6 one store for all tabs", () => {
  it("shows what one tab writes in the other, whoever leads", async () => {
    const name = newName()
    const first = await open({ name })
    const second = await open({ name })
    await second.set("notes", "a", "from the second")
    await first.set("notes", "b", "from the first")
    await vi.waitFor(() => expect(first.peek("notes", "a")).toBe("from the second"))
    await vi.waitFor(() => expect(second.peek("notes", "b")).toBe("from the first"))
    expect(first.tab.get().role).toBe("leader")
    expect(second.tab.get().role).toBe("follower")
    expect(first.status.get()).toMatchObject({ storage: "opfs", durability: "full" })
    expect(second.status.get()).toMatchObject({ storage: "opfs", durability: "full" })
  })

  it("takes a shorter way from the leader to its own worker, in a later reign too", async () => {
    const name = newName()
    const first = await open({ name })
    const second = await open({ name })
    const shared = vi.spyOn(BroadcastChannel.prototype, "postMessage")
    ends.push(() => shared.mockRestore())
    await first.set("notes", "a", 1)
    expect(shared).not.toHaveBeenCalled()
    await second.set("notes", "a", 2)
    expect(shared).toHaveBeenCalled()
    await vi.waitFor(() => expect(first.peek("notes", "a")).toBe(2))

    await first.close()
    await second.set("notes", "a", 3)
    shared.mockClear()
    expect(await second.set("notes", "a", 4)).toMatchObject({ version: 4 })
    expect(shared).not.toHaveBeenCalled()
  })

  it("goes on in the other tab when the leader closes, with everything", async () => {
    const name = newName()
    const first = await open({ name })
    const second = await open({ name })
    await first.set("notes", "a", 1)
    await first.close()
    await second.set("notes", "b", 2)
    expect(second.tab.get().role).toBe("leader")
    await second.close()
    const third = await open({ name })
    expect(await third.snapshot()).toMatchObject({
      entries: [
        { key: "a", value: 1 },
        { key: "b", value: 2 },
      ],
    })
    expect(third.tab.get().evicted).toBe(false)
  })

  it("goes on with another worker when that of the leader dies, and sends again what was on its way", async () => {
    const { workers, createWorker } = watchedWorkers()
    const store = await open({ name: newName(), createWorker })
    const writes = Array.from({ length: 200 }, (_, n) => store.set("notes", `n${n}`, n))
    workers[0]?.terminate()
    for (const { version } of await Promise.all(writes)) expect(version).toBe(1)
    await vi.waitFor(() => expect(workers.length).toBe(2)) // All may have been stored before it died.
    expect(await store.count("notes")).toBe(200)
  })

  it("closes without a complaint when its worker has died, of which nobody has heard yet", async () => {
    const { workers, createWorker } = watchedWorkers()
    const onError = vi.fn()
    const store = await open({ name: newName(), createWorker, onError })
    await store.set("notes", "a", 1)
    workers[0]?.terminate()
    await store.close()
    expect(onError).not.toHaveBeenCalled()
  })

  it("keeps a write of a page that is frozen, and sends it when that goes on", async () => {
    const store = await open({ name: newName() })
    document.dispatchEvent(new Event("freeze"))
    const write = store.set("notes", "a", "written while frozen")
    expect(store.peek("notes", "a")).toBe("written while frozen")
    await vi.waitFor(() => expect(store.tab.get().role).toBe("follower"))
    document.dispatchEvent(new Event("resume"))
    expect(await write).toMatchObject({ outcome: "created", version: 1 })
    expect(store.tab.get().role).toBe("leader")
  })
})

describe("C6 storage that cannot be used", () => {
  it("says that somebody else holds it, and stores in memory only when asked to", async () => {
    const name = newName()
    const { base, outbox } = await openOpfs({ directory: `tidemark-store-${name}` })
    ends.push(async () => {
      await base.close()
      await outbox.close()
    })
    await expect(openBrowserStore({ name, patience: 0 })).rejects.toMatchObject({
      code: "storage_unavailable",
      details: { reason: "locked" },
    })
    const alone = await open({ name, patience: 0, fallback: "memory" })
    expect(alone.status.get()).toMatchObject({ storage: "memory", durability: "none" })
    expect(alone.tab.get()).toMatchObject({
      role: "alone",
      failure: { code: "storage_unavailable", details: { reason: "locked" } },
    })
    await expect(alone.exportDatabase()).rejects.toMatchObject({ code: "unsupported" })
    await alone.set("notes", "a", 1)
    expect(await alone.get("notes", "a")).toBe(1)
  })

  it("says that there is none, or that the browser refuses it", async () => {
    Object.defineProperty(navigator.storage, "getDirectory", {
      value: undefined,
      configurable: true,
    })
    const restore = () => Reflect.deleteProperty(navigator.storage, "getDirectory")
    ends.push(restore)
    await expect(openBrowserStore({ name: newName() })).rejects.toMatchObject({
      details: { reason: "unsupported" },
    })
    restore()
    const refuses = () =>
      new Worker(
        URL.createObjectURL(
          new Blob([
            `addEventListener("message", ({ data }) => postMessage({ id: data.id, error: {
              code: "storage_unavailable", message: "refused", details: { reason: "private" } } }))`,
          ]),
        ),
      )
    await expect(
      openBrowserStore({ name: newName(), createWorker: refuses }),
    ).rejects.toMatchObject({ details: { reason: "private" } })
  })

  it("says so when its worker cannot be started", async () => {
    const createWorker = () => {
      throw new DOMException("Not from here", "SecurityError")
    }
    await expect(openBrowserStore({ name: newName(), createWorker })).rejects.toMatchObject({
      code: "storage_unavailable",
      details: { reason: "failed" },
    })
  })

  it("says so when its worker never answers", async () => {
    const clock = new TestClock()
    const { promise: started, resolve: starts } = Promise.withResolvers<void>()
    const createWorker = () => {
      starts()
      return new Worker(URL.createObjectURL(new Blob([""])))
    }
    const opening = openBrowserStore({ name: newName(), createWorker, clock })
    const refused = expect(opening).rejects.toMatchObject({
      code: "storage_unavailable",
      message: expect.stringContaining("in time"),
      details: { reason: "failed" },
    })
    await started
    await clock.pass(50_000)
    await refused
  })

  it("says so when the tab that leads never answers", async () => {
    const name = newName()
    const { promise: hung, resolve: letGo } = Promise.withResolvers<void>()
    ends.push(letGo)
    await new Promise<void>((resolve) => {
      navigator.locks.request(`tidemark:${name} leader`, () => {
        resolve()
        return hung
      })
    })
    const clock = new TestClock()
    const refused = expect(openBrowserStore({ name, clock })).rejects.toMatchObject({
      code: "storage_unavailable",
      details: { reason: "locked" },
    })
    await clock.pass(95_000)
    await refused
  })

  it("tells storage that was deleted from a first run", async () => {
    const name = newName()
    const first = await open({ name })
    expect(first.tab.get().evicted).toBe(false)
    await first.set("notes", "a", 1)
    await first.close()
    const root = await navigator.storage.getDirectory()
    await vi.waitFor(() => root.removeEntry(`tidemark-store-${name}`, { recursive: true }))

    const errors: StoreError[] = []
    const onError = (error: unknown) => errors.push(error as StoreError)
    const second = await open({ name, onError })
    expect(second.tab.get().evicted).toBe(true)
    expect(errors).toMatchObject([{ code: "storage_unavailable", details: { reason: "evicted" } }])
    expect(await second.count("notes")).toBe(0)
  })

  it("refuses kinds that its worker could not read, and names that are none", async () => {
    const kinds = defineKinds({ notes: kind<string>({ version: 2, upcast: { 1: String } }) })
    await expect(openBrowserStore({ name: newName(), kinds })).rejects.toMatchObject({
      code: "unsupported",
      details: { kind: "notes" },
    })
    await expect(openBrowserStore({ name: "../up" })).rejects.toMatchObject({ code: "invalid_key" })
  })
})
