import { act, configure, renderHook } from "@testing-library/react"
import { openStore } from "@tidemark/core/memory"
import { useSelect } from "@tidemark/react"
import { describe, expect, it, vi } from "vitest"
import { within } from "./within.tsx"

describe("useSelect", () => {
  it("C3 gives what a function makes of a value or of a list", async () => {
    const store = openStore()
    await store.setMany("tasks", { a: { done: true }, b: { done: false } })
    const { result } = renderHook(
      () => [
        useSelect("tasks", "a", (task) => (task as { done: boolean } | undefined)?.done),
        useSelect("tasks", { where: { done: false } }, (tasks) => tasks.map(({ key }) => key)),
      ],
      within(store),
    )
    expect(result.current).toEqual([true, ["b"]])
    await act(() => store.set("tasks", "a", { done: false }))
    expect(result.current).toEqual([false, ["a", "b"]])
    await act(() => store.delete("tasks", "a"))
    expect(result.current).toEqual([undefined, ["b"]])
  })

  it("C3 renders only when the selection becomes another one, also when it is a new object each time", async () => {
    configure({ reactStrictMode: false })
    const store = openStore()
    await store.set("users", "alice", { name: { first: "Alice" }, age: 1 })
    const seen: unknown[] = []
    renderHook(() => {
      seen.push(useSelect("users", "alice", (user) => ({ of: (user as { name: object }).name })))
    }, within(store))
    await act(() => store.set("users", "alice", { name: { first: "Alice" }, age: 2 }))
    expect(seen).toHaveLength(1)
    await act(() => store.set("users", "alice", { name: { first: "Alicia" }, age: 2 }))
    expect(seen).toEqual([{ of: { first: "Alice" } }, { of: { first: "Alicia" } }])
    configure({ reactStrictMode: true })
  })

  it("C3 uses the function of the newest render", async () => {
    const store = openStore()
    await store.set("users", "alice", { a: 1, b: 2 })
    const { result, rerender } = renderHook(
      ({ field }) => useSelect("users", "alice", (user) => (user as Record<string, number>)[field]),
      { ...within(store), initialProps: { field: "a" } },
    )
    expect(result.current).toBe(1)
    rerender({ field: "b" })
    expect(result.current).toBe(2)
  })

  it("C3 throws what the function throws", () => {
    const silent = vi.spyOn(console, "error").mockImplementation(() => {})
    const failing = () =>
      renderHook(
        () =>
          useSelect("users", "alice", () => {
            throw new Error("no user")
          }),
        within(openStore()),
      )
    expect(failing).toThrow("no user")
    silent.mockRestore()
  })
})
