import { type Change, StoreError, type Watch } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { describe, expect, it, vi } from "vitest"
import { EntryPages, PAGE } from "../src/entry-pages.ts"
import { Inspector } from "../src/inspector.ts"
import { kindCounts } from "../src/kind-counts.ts"

const seqs = (changes: readonly Change[]) => changes.map(({ seq }) => seq)

/** A watch that only fails. */
const failing = (error: StoreError) =>
  ({
    subscribe(observer: { error(error: StoreError): void }) {
      queueMicrotask(() => observer.error(error))
      return { closed: false, unsubscribe() {} }
    },
  }) as unknown as Watch

describe("the panel's follower", () => {
  it("C4 begins 200 changes back, then hears each change once", async () => {
    const store = openStore()
    for (let count = 0; count < 250; count++) await store.set("counters", "c", count)
    const inspector = new Inspector(store)
    const stop = inspector.start()
    await vi.waitFor(() => expect(inspector.log.get()).toHaveLength(200))
    await store.set("counters", "c", "more")
    await vi.waitFor(() => expect(inspector.log.get()).toHaveLength(201))
    expect(seqs(inspector.log.get())).toEqual(Array.from({ length: 201 }, (_, index) => 51 + index))
    expect(inspector.position.get()).toBe(251)
    stop()
  })

  it("C4 begins with what comes where the log does not reach so far back", async () => {
    const store = openStore()
    const watch = store.watch.bind(store)
    vi.spyOn(store, "watch")
      .mockReturnValueOnce(failing(new StoreError("position_too_old", "gone")))
      .mockImplementation(watch)
    const inspector = new Inspector(store)
    const stop = inspector.start()
    await vi.waitFor(() => expect(store.watch).toHaveBeenCalledTimes(2))
    await store.set("users", "ada", {})
    await vi.waitFor(() => expect(inspector.log.get()).toHaveLength(1))
    expect(inspector.failure.get()).toBeUndefined()
    stop()
  })

  it("C4 says why it can no longer follow, and follows again when asked to", async () => {
    const store = openStore()
    const watch = store.watch.bind(store)
    const refusal = failing(new StoreError("storage_unavailable", "The disk is gone"))
    vi.spyOn(store, "watch")
      .mockReturnValueOnce(refusal)
      .mockReturnValueOnce(refusal)
      .mockImplementation(watch)
    const inspector = new Inspector(store)
    const stop = inspector.start()
    await vi.waitFor(() => expect(inspector.failure.get()?.code).toBe("storage_unavailable"))
    inspector.resume()
    await store.set("users", "ada", {})
    await vi.waitFor(() => expect(inspector.log.get()).toHaveLength(1))
    expect(inspector.failure.get()).toBeUndefined()
    stop()
  })

  it("C4 knows that the store has closed, and that it has itself stopped", async () => {
    const [store, other] = [openStore(), openStore()]
    const [inspector, stopped] = [new Inspector(store), new Inspector(other)]
    inspector.start()
    stopped.start()()
    await store.close()
    await vi.waitFor(() => expect(inspector.closed.get()).toBe(true))
    expect(stopped.closed.get()).toBe(false)
  })
})

describe("the pages of a kind", () => {
  async function pagesOf(count: number, prefix = "") {
    const store = openStore()
    const key = (index: number) => `k${String(index).padStart(4, "0")}`
    await store.setMany(
      "many",
      Array.from({ length: count }, (_, index) => [key(index), index] as const),
    )
    const inspector = new Inspector(store)
    const pages = new EntryPages(inspector, "many", prefix)
    const stops = [inspector.start(), pages.start()]
    await vi.waitFor(() => expect(pages.get().total).toBeDefined())
    return {
      store,
      pages,
      stop() {
        for (const one of stops) one()
      },
    }
  }

  it("C4 read the first page and count the rest", async () => {
    const { store, pages, stop } = await pagesOf(1_000)
    expect(pages.get().total).toBe(1_000)
    expect(pages.at(PAGE - 1)?.value).toBe(PAGE - 1)
    expect(pages.at(PAGE)).toBeUndefined()
    await store.close()
    stop()
  })

  it("C4 read what comes on screen, wherever one scrolls to meanwhile", async () => {
    const { pages, stop } = await pagesOf(5_000)
    pages.show(2_000, 2_020)
    pages.show(4_790, 4_810)
    await vi.waitFor(() => expect(pages.at(4_810)?.value).toBe(4_810))
    expect(pages.at(4_790)?.value).toBe(4_790)
    stop()
  })

  it("C4 keep up with entries that come, go and change, and with other kinds not at all", async () => {
    const { store, pages, stop } = await pagesOf(3)
    const list = vi.spyOn(store, "list")
    await store.set("others", "x", 1)
    await store.set("many", "k0001", "changed")
    await store.delete("many", "k0000")
    await vi.waitFor(() => expect(pages.get().total).toBe(2))
    expect(pages.at(0)?.value).toBe("changed")
    expect(pages.indexOf("k0002")).toBe(1)
    expect(list.mock.calls.every(([kind]) => kind === "many")).toBe(true)
    stop()
  })

  it("C4 are those of a prefix", async () => {
    const { pages, stop } = await pagesOf(1_000, "k00")
    expect(pages.get().total).toBe(100)
    stop()
  })

  it("C4 say why they cannot be read, and are read again after the next change", async () => {
    const { store, pages, stop } = await pagesOf(2)
    const list = store.list.bind(store)
    vi.spyOn(store, "list")
      .mockRejectedValueOnce(new StoreError("busy", "Locked", { hint: "Try again" }))
      .mockImplementation(list)
    await store.set("many", "k0000", 1)
    await vi.waitFor(() =>
      expect(pages.get().failure).toMatchObject({ code: "busy", hint: "Try again" }),
    )
    expect(pages.get().total).toBe(2)
    await store.set("many", "k0000", 2)
    await vi.waitFor(() => expect(pages.get().failure).toBeUndefined())
    stop()
  })
})

describe("the kinds", () => {
  it("C4 are counted again when entries come and go", async () => {
    const store = openStore()
    await store.set("b", "1", 1)
    const inspector = new Inspector(store)
    const counts = kindCounts(inspector)
    const stops = [inspector.start(), counts.start()]
    await vi.waitFor(() => expect(counts.get().value).toEqual([{ kind: "b", count: 1 }]))
    await store.set("a", "1", 1)
    await store.set("b", "2", 1)
    await vi.waitFor(() =>
      expect(counts.get().value).toEqual([
        { kind: "a", count: 1 },
        { kind: "b", count: 2 },
      ]),
    )
    for (const stop of stops) stop()
  })
})
