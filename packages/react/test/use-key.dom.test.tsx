import { act, renderHook } from "@testing-library/react"
import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { useKey } from "@tidemark/react"
import { describe, expect, it, vi } from "vitest"
import { openFollower } from "./follower.ts"
import { within } from "./within.tsx"

describe("useKey", () => {
  it("C3 gives the value of a key and follows its changes", async () => {
    const store = openStore()
    await store.set("users", "alice", "a")
    const { result } = renderHook(() => useKey("users", "alice"), within(store))
    expect(result.current).toBe("a")
    await act(() => store.set("users", "alice", "b"))
    expect(result.current).toBe("b")
    await act(() => store.delete("users", "alice"))
    expect(result.current).toBeUndefined()
  })

  it("C3 follows another key when it is asked for another one", async () => {
    const store = openStore()
    await store.setMany("users", { alice: 1, bob: 2 })
    await store.set("notes", "bob", 3)
    const { result, rerender } = renderHook(({ kind, key }) => useKey(kind, key), {
      ...within(store),
      initialProps: { kind: "users", key: "alice" },
    })
    rerender({ kind: "users", key: "bob" })
    expect(result.current).toBe(2)
    rerender({ kind: "notes", key: "bob" })
    expect(result.current).toBe(3)
    await act(() => store.set("users", "bob", 4))
    expect(result.current).toBe(3)
  })

  it("C3 gives the initial value where there is no entry, and null where null is stored", async () => {
    const store = openStore()
    const { result } = renderHook(
      () => useKey("settings", "theme", { initial: { name: "light" } }),
      within(store),
    )
    expect(result.current).toEqual({ name: "light" })
    await act(() => store.set("settings", "theme", null))
    expect(result.current).toBeNull()
    await act(() => store.delete("settings", "theme"))
    expect(result.current).toEqual({ name: "light" })
  })

  it("C3 while the store still reads, gives the initial value, and own writes at once", async () => {
    const authority = openStore()
    await authority.setMany("users", { alice: "stored", bob: "stored" })
    const { store, release } = await openFollower(authority, { at: authority.position, held: true })
    const { result } = renderHook(
      () => [
        useKey("users", "alice", { initial: "initial" }),
        useKey("users", "bob", { initial: "initial" }),
      ],
      within(store),
    )
    expect(result.current).toEqual(["initial", "initial"])
    act(() => void store.set("users", "bob", "own"))
    expect(result.current).toEqual(["initial", "own"])
    await act(async () => release())
    await vi.waitFor(() => expect(result.current).toEqual(["stored", "own"]))
  })

  it("C3 keeps the identity of a value until it becomes another one", async () => {
    const store = openStore()
    await store.set("users", "alice", { name: "Alice" })
    const { result, rerender } = renderHook(() => useKey("users", "alice"), within(store))
    const first = result.current
    rerender()
    await act(() => store.set("users", "alice", { name: "Alice" }))
    expect(result.current).toBe(first)
    await act(() => store.set("users", "alice", { name: "Alicia" }))
    expect(result.current).toEqual({ name: "Alicia" })
  })

  it("C3 lets go of what it follows when it is unmounted", async () => {
    const store = openStore()
    let following = 0
    const open = store.live.bind(store) as Store["live"]
    vi.spyOn(store, "live").mockImplementation((kind, key) => {
      const live = open(kind, key)
      return {
        get: () => live.get(),
        ready: live.ready,
        status: live.status,
        error: live.error,
        subscribe(listener) {
          following++
          const end = live.subscribe(listener)
          return () => {
            following--
            end()
          }
        },
      }
    })
    const { unmount } = renderHook(() => useKey("users", "alice"), within(store))
    expect(following).toBe(1)
    unmount()
    expect(following).toBe(0)
  })

  it("C3 throws a StoreError that says what to do, without a provider and for a bad name", () => {
    const silent = vi.spyOn(console, "error").mockImplementation(() => {})
    expect(() => renderHook(() => useKey("users", "alice"))).toThrow(
      expect.objectContaining({
        code: "not_found",
        hint: expect.stringContaining("StoreProvider"),
      }),
    )
    expect(() => renderHook(() => useKey("", "alice"), within(openStore()))).toThrow(
      expect.objectContaining({ code: "invalid_key" }),
    )
    silent.mockRestore()
  })
})
