import { act, renderHook } from "@testing-library/react"
import { openStore } from "@tidemark/core/memory"
import { createTestStore } from "@tidemark/core/testing"
import { useHistory, useKey, useTransaction, useUndo } from "@tidemark/react"
import { describe, expect, it, vi } from "vitest"
import { within } from "./within.tsx"

const mine = { origin: "me" }

describe("useUndo", () => {
  it("C3 takes back and puts in place again what its origin has written", async () => {
    const store = openStore()
    const { result } = renderHook(
      () => ({ undo: useUndo({ origin: "me" }), value: useKey("notes", "a") }),
      within(store),
    )
    const { undo, redo } = result.current.undo
    await act(() => store.set("notes", "a", 1, mine))
    await act(() => store.set("notes", "a", 2, mine))
    await vi.waitFor(() => expect(result.current.undo).toMatchObject({ canUndo: true }))
    await act(() => undo())
    expect(result.current).toMatchObject({ value: 1, undo: { canUndo: true, canRedo: true } })
    await act(() => redo())
    expect(result.current).toMatchObject({ value: 2, undo: { canRedo: false } })
    expect([result.current.undo.undo, result.current.undo.redo]).toEqual([undo, redo])
  })

  it("C3 rejects where somebody else has written since", async () => {
    const store = openStore()
    const { result } = renderHook(() => useUndo({ origin: "me" }), within(store))
    await act(() => store.set("notes", "a", 1, mine))
    await act(() => store.set("notes", "a", 2))
    await act(async () => {
      await expect(result.current.undo()).rejects.toMatchObject({ code: "conflict" })
    })
  })

  it("C3 tells the handler of the newest render what went wrong where nobody waits", async () => {
    const store = openStore()
    const heard: string[] = []
    const changes = vi.spyOn(store, "changes")
    const { rerender } = renderHook(
      ({ by }) => useUndo({ origin: "me", onError: () => heard.push(by) }),
      { ...within(store), initialProps: { by: "first" } },
    )
    await act(async () => {})
    rerender({ by: "second" })
    changes.mockRejectedValue(new Error("no disk"))
    await act(() => store.set("notes", "a", 1, mine))
    await vi.waitFor(() => expect(heard).toContain("second"))
    expect(heard).not.toContain("first")
  })

  it("C3 follows the store no longer when it is unmounted", async () => {
    const store = openStore()
    const { result, unmount } = renderHook(() => useUndo({ origin: "me" }), within(store))
    await act(() => store.set("notes", "a", 1, mine))
    unmount()
    expect(await result.current.undo()).toBeUndefined()
    expect(await store.get("notes", "a")).toBe(1)
  })
})

describe("useHistory", () => {
  it("C3 gives the changes of an entry, newest first, as they become durable", async () => {
    const store = openStore()
    await store.set("notes", "a", 1)
    const { result, rerender } = renderHook(
      ({ name }) => useHistory("notes", name, { limit: 2 }).map(({ value }) => value),
      { ...within(store), initialProps: { name: "a" } },
    )
    await vi.waitFor(() => expect(result.current).toEqual([1]))
    await act(() => store.set("notes", "a", 2))
    await act(() => store.set("notes", "a", 3))
    await vi.waitFor(() => expect(result.current).toEqual([3, 2]))
    rerender({ name: "b" })
    expect(result.current).toEqual([])
  })
})

describe("useHistory of a store that answers late", () => {
  it("C3 shows what it has read also while changes come faster than answers, one reading at a time", async () => {
    const { store, clock } = createTestStore({ latency: { reads: 10 } })
    const history = vi.spyOn(store, "history")
    const { result } = renderHook(
      () => useHistory("notes", "a").map(({ value }) => value),
      within(store),
    )
    const before = history.mock.calls.length
    for (let step = 1; step <= 8; step++) {
      await act(async () => void store.set("notes", "a", step))
      await act(() => clock.pass(5))
    }
    expect(result.current.length).toBeGreaterThan(0)
    await act(() => clock.pass(20))
    expect(result.current).toEqual([8, 7, 6, 5, 4, 3, 2, 1])
    expect(history.mock.calls.length - before).toBeLessThan(8)
  })

  it("C3 keeps what it shows when the store closes", async () => {
    const { store, clock } = createTestStore({ latency: { reads: 10 } })
    const { result } = renderHook(
      () => useHistory("notes", "a").map(({ value }) => value),
      within(store),
    )
    await act(() => store.set("notes", "a", 1))
    await act(() => clock.pass(20))
    await act(async () => {
      await store.set("notes", "a", 2)
      await store.close()
      await clock.pass(20)
    })
    expect(result.current.at(-1)).toBe(1)
  })
})

describe("useTransaction", () => {
  it("C3 writes several entries or none, by a function that stays the same", async () => {
    const store = openStore()
    const { result, rerender } = renderHook(() => useTransaction(), within(store))
    const transact = result.current
    rerender()
    expect(result.current).toBe(transact)
    const counted = await transact(async (tx) => {
      await tx.set("u", "a", 1)
      await tx.set("u", "b", 2)
      return 2
    })
    expect([counted, await store.count("u")]).toEqual([2, 2])
    const failing = transact(async (tx) => {
      await tx.set("u", "c", 1)
      throw new Error("no")
    })
    await expect(failing).rejects.toThrow("no")
    expect(await store.count("u")).toBe(2)
  })
})
