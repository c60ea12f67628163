import { act, renderHook } from "@testing-library/react"
import type { Entry } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { useKind } from "@tidemark/react"
import { describe, expect, it, vi } from "vitest"
import { openFollower } from "./follower.ts"
import { within } from "./within.tsx"

async function openTasks() {
  const store = openStore()
  await store.setMany("tasks", {
    a: { done: false, due: 3 },
    b: { done: true, due: 2 },
    c: { done: false, due: 1 },
  })
  return store
}

const names = (entries: readonly Entry[]) => entries.map(({ key }) => key).join("")

describe("useKind", () => {
  it("C3 gives the entries of a kind and follows them", async () => {
    const store = await openTasks()
    const { result } = renderHook(() => useKind("tasks"), within(store))
    expect(names(result.current)).toBe("abc")
    await act(() => store.delete("tasks", "b"))
    expect(names(result.current)).toBe("ac")
  })

  it("C3 gives what a query written in place finds, and follows it", async () => {
    const store = await openTasks()
    const { result } = renderHook(
      () => useKind("tasks", { where: { done: false }, orderBy: "due", limit: 2 }),
      within(store),
    )
    expect(names(result.current)).toBe("ca")
    await act(() => store.set("tasks", "b", { done: false, due: 0 }))
    expect(names(result.current)).toBe("bc")
    await act(() => store.delete("tasks", "c"))
    expect(names(result.current)).toBe("ba")
  })

  it("C3 asks once for equal queries, however they are written", async () => {
    const store = await openTasks()
    const liveList = vi.spyOn(store, "liveList")
    const { result, rerender } = renderHook((query: object) => useKind("tasks", query), {
      ...within(store),
      initialProps: { where: { done: false, due: 1 }, limit: 5 },
    })
    const first = result.current
    const asked = liveList.mock.calls.length
    rerender({ limit: 5, where: { due: 1, done: false } })
    expect(names(result.current)).toBe("c")
    expect(result.current).toBe(first)
    expect(liveList.mock.calls.length).toBe(asked)
  })

  it("C3 follows another query when it is given another one", async () => {
    const store = await openTasks()
    const { result, rerender } = renderHook(({ done }) => useKind("tasks", { where: { done } }), {
      ...within(store),
      initialProps: { done: true },
    })
    expect(names(result.current)).toBe("b")
    rerender({ done: false })
    expect(names(result.current)).toBe("ac")
  })

  it("C3 keeps the identity of unchanged entries, and of the whole list", async () => {
    const store = await openTasks()
    const { result } = renderHook(() => useKind("tasks", { where: { done: false } }), within(store))
    const first = result.current
    await act(() => store.set("tasks", "b", { done: true, due: 9 }))
    expect(result.current).toBe(first)
    await act(() => store.set("tasks", "c", { done: false, due: 9 }))
    expect(result.current).not.toBe(first)
    expect(result.current[0]).toBe(first[0])
    expect(result.current[1]).not.toBe(first[1])
  })

  it("C3 gives an empty list, the same one each time, while the store still reads", async () => {
    const authority = await openTasks()
    const { store, release } = await openFollower(authority, { at: authority.position, held: true })
    const { result, rerender } = renderHook(() => useKind("tasks"), within(store))
    const first = result.current
    rerender()
    expect(first).toEqual([])
    expect(result.current).toBe(first)
    await act(async () => release())
    await vi.waitFor(() => expect(names(result.current)).toBe("abc"))
  })

  it("C3 throws invalid_value for a query that cannot be read", () => {
    const silent = vi.spyOn(console, "error").mockImplementation(() => {})
    expect(() => renderHook(() => useKind("tasks", { limit: -1 }), within(openStore()))).toThrow(
      expect.objectContaining({ code: "invalid_value" }),
    )
    silent.mockRestore()
  })
})
