import type { Entry } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { kind$ } from "@tidemark/rxjs"
import { firstValueFrom } from "rxjs"
import { describe, expect, it, vi } from "vitest"
import { heldStore } from "./held-store.ts"

const values = (entries: readonly Entry[] | undefined) => entries?.map(({ value }) => value)

describe("kind$", () => {
  it("C2 tells the entries of a kind, or of a query, now and after each change", async () => {
    const store = openStore()
    await store.setMany("tasks", { a: { due: 2 }, b: { due: 1 }, c: { due: 3 } })
    const all = vi.fn<(entries: readonly Entry[]) => void>()
    const first = vi.fn<(entries: readonly Entry[]) => void>()
    kind$(store, "tasks").subscribe(all)
    kind$(store, "tasks", { orderBy: "due", limit: 2 }).subscribe(first)
    expect(values(all.mock.lastCall?.[0])).toEqual([{ due: 2 }, { due: 1 }, { due: 3 }])
    expect(values(first.mock.lastCall?.[0])).toEqual([{ due: 1 }, { due: 2 }])

    const before = first.mock.calls.length
    await store.set("tasks", "c", { due: 0 })
    expect(values(first.mock.lastCall?.[0])).toEqual([{ due: 0 }, { due: 1 }])
    expect(first.mock.calls.length).toBeGreaterThan(before)
  })

  it("C2 keeps the identity of unchanged entries, and is silent when the result stays", async () => {
    const store = openStore()
    await store.setMany("tasks", { a: { due: 1 }, b: { due: 2 }, z: { due: 9 } })
    const next = vi.fn<(entries: readonly Entry[]) => void>()
    kind$(store, "tasks", { where: { due: { $lt: 5 } } }).subscribe(next)
    const [a] = next.mock.lastCall?.[0] ?? []
    await store.set("tasks", "z", { due: 8 })
    expect(next).toHaveBeenCalledOnce()
    await store.set("tasks", "b", { due: 3 })
    expect(next.mock.lastCall?.[0][0]).toBe(a)
  })

  it("C2 waits while the store still reads the list", async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const store = heldStore(promise, () => {})
    const next = vi.fn()
    kind$(store, "tasks").subscribe(next)
    await Promise.resolve()
    expect(next).not.toHaveBeenCalled()
    resolve()
    await vi.waitFor(() => expect(next.mock.calls).toEqual([[[]]]))
  })

  it("C2 fails with invalid_value when the query cannot be read", async () => {
    const list = firstValueFrom(kind$(openStore(), "tasks", { limit: -1 }))
    await expect(list).rejects.toMatchObject({ code: "invalid_value" })
  })
})
