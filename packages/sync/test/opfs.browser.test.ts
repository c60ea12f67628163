import { StoreError } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { type Channel, connect, serve } from "@tidemark/sync"
import { openOpfs } from "@tidemark/sync/browser"
import { messagePortChannel, messagePortEnd } from "@tidemark/sync/message-port"
import { afterEach, describe, expect, it, vi } from "vitest"
import { bundledWorker, newDirectory as directory } from "./opfs-workers.ts"

/** A busy machine is no failure. */
const BUSY = { timeout: 30_000 }

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const nobody: Channel = {
  open(receiver) {
    queueMicrotask(() => receiver.closed(new Error("nobody")))
    return { send() {}, close() {} }
  },
}

describe("C6 storage on OPFS, in a real worker", () => {
  it("keeps the state across a restart, without the authority", async () => {
    const name = directory()
    const authority = openStore()
    await authority.setMany(
      "places",
      Array.from({ length: 15_000 }, (_, n) => [`p${n}`, { n, name: `Place ${n}` }] as const),
    )
    const channel = messagePortChannel(() => {
      const { port1, port2 } = new MessageChannel()
      serve(authority, messagePortEnd(port1), { authorization: { principal: "test" } })
      return port2
    })
    const first = connect(channel, { storage: await openOpfs({ directory: name }) })
    expect(await first.count("places")).toBe(15_000)
    await first.set("places", "mine", { n: -1, name: "Mine" })
    await first.close()
    await authority.close()

    const second = connect(nobody, { storage: await openOpfs({ directory: name }) })
    ends.push(() => second.close())
    expect(await second.count("places")).toBe(15_001)
    expect(await second.get("places", "mine")).toEqual({ n: -1, name: "Mine" })
    expect(second.status.get().storage).toBe("opfs")
  })

  it("keeps a write that nobody has, and shows it as pending after a restart", async () => {
    const name = directory()
    const first = connect(nobody, { storage: await openOpfs({ directory: name }) })
    const write = first.set("notes", "a", "offline")
    await Promise.allSettled([write, first.close()])
    await expect(write).rejects.toMatchObject({ code: "closed" })

    const second = connect(nobody, { storage: await openOpfs({ directory: name }) })
    ends.push(() => second.close())
    await vi.waitFor(() => expect(second.status.get().pending).toBe(1), BUSY)
    expect(second.peek("notes", "a")).toBe("offline")
  })

  it("is refused with a reason while somebody else holds it", async () => {
    const name = directory()
    const storage = await openOpfs({ directory: name })
    const holder = connect(nobody, { storage })
    ends.push(() => holder.close())
    const refused = await openOpfs({ directory: name }).catch((error: unknown) => error)
    expect(StoreError.is(refused, "storage_unavailable")).toBe(true)
    expect((refused as StoreError).hint).toContain("tab")
  })

  it("lets go of its files before it says that it is closed", async () => {
    const createWorker = () => {
      const worker = bundledWorker()
      worker.terminate = () => {} // Which would let go of them, some time later.
      ends.push(async () => Worker.prototype.terminate.call(worker))
      return worker
    }
    const name = directory()
    const first = await openOpfs({ directory: name, createWorker })
    await connect(nobody, { storage: first }).close()
    const second = await openOpfs({ directory: name })
    await connect(nobody, { storage: second }).close()
  })

  it("waits, when asked to, for one that lets go, and for others that wait too", async () => {
    const name = directory()
    const holder = connect(nobody, { storage: await openOpfs({ directory: name }) })
    const opening = [1, 2].map(() => openOpfs({ directory: name, patience: 30_000 }))
    await expect(openOpfs({ directory: name })).rejects.toMatchObject({
      details: { reason: "locked" },
    })
    await holder.close()
    const closing = opening.map(async (storage) =>
      connect(nobody, { storage: await storage }).close(),
    )
    await Promise.all(closing)
  })

  it("still has everything after an opening that was refused half-way", async () => {
    const name = directory()
    const first = connect(nobody, { storage: await openOpfs({ directory: name }) })
    await Promise.allSettled([first.set("notes", "a", "unsent"), first.close()])

    const held = await lastFileOf(name)
    const writable = await held.createWritable({ keepExistingData: true })
    await expect(openOpfs({ directory: name })).rejects.toMatchObject({
      code: "storage_unavailable",
    })
    await writable.abort()

    const second = connect(nobody, { storage: await openOpfs({ directory: name }) })
    ends.push(() => second.close())
    await vi.waitFor(() => expect(second.status.get().pending).toBe(1), BUSY)
    expect(second.peek("notes", "a")).toBe("unsent")
  })

  it("answers nobody after its worker has failed or ended, and keeps nobody waiting", async () => {
    const workers: Worker[] = []
    const createWorker = () => {
      const worker = bundledWorker()
      workers.push(worker)
      return worker
    }
    const [failing, ending] = [
      await openOpfs({ directory: directory(), createWorker }),
      await openOpfs({ directory: directory(), createWorker }),
    ]
    workers[0]?.dispatchEvent(new ErrorEvent("error", { message: "It has thrown" }))
    await expect(failing.base.row("notes", "a")).rejects.toMatchObject({
      code: "storage_unavailable",
      message: expect.stringContaining("It has thrown"),
    })
    const waiting = expect(ending.base.row("notes", "a")).rejects.toMatchObject({
      code: "storage_unavailable",
    })
    workers[1]?.terminate()
    await waiting
    await expect(ending.outbox.row("notes", "a")).rejects.toMatchObject({
      code: "storage_unavailable",
    })
  })

  it("says so when the worker cannot be loaded", async () => {
    const createWorker = () => new Worker("data:text/javascript,throw new Error('broken')")
    await expect(openOpfs({ directory: directory(), createWorker })).rejects.toMatchObject({
      code: "storage_unavailable",
    })
  })
})

/** The last of the files in which a pool keeps its databases. */
async function lastFileOf(directory: string): Promise<FileSystemFileHandle> {
  const root = await navigator.storage.getDirectory()
  const pool = await (await root.getDirectoryHandle(directory)).getDirectoryHandle(".opaque")
  let last: FileSystemFileHandle | undefined
  for await (const handle of pool.values()) {
    if (handle.kind === "file") last = handle as FileSystemFileHandle
  }
  return last as FileSystemFileHandle
}
