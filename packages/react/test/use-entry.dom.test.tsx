import { act, renderHook } from "@testing-library/react"
import { openStore } from "@tidemark/core/memory"
import { createTestStore } from "@tidemark/core/testing"
import { HydrationBoundary, StoreProvider, useEntry } from "@tidemark/react"
import { dehydrate } from "@tidemark/react/server"
import type { ReactNode } from "react"
import { describe, expect, it, vi } from "vitest"
import { openFollower } from "./follower.ts"
import { within } from "./within.tsx"

describe("useEntry", () => {
  it("C3 gives the value of an entry with its facts, and none where there is no entry", async () => {
    const store = openStore()
    const { result } = renderHook(() => useEntry("users", "alice"), within(store))
    const none = { entry: undefined, value: undefined, version: 0, pending: false, status: "ready" }
    expect(result.current).toMatchObject(none)
    await act(() => store.set("users", "alice", "a"))
    await act(() => store.set("users", "alice", "b"))
    expect(result.current).toMatchObject({ value: "b", version: 2, pending: false })
    expect(result.current.entry).toEqual(await store.entry("users", "alice"))
    await act(() => store.delete("users", "alice"))
    expect(result.current).toMatchObject(none)
  })

  it("C3 gives the same object until something about the entry changes", async () => {
    const store = openStore()
    await store.set("users", "alice", 1)
    const { result, rerender } = renderHook(() => useEntry("users", "alice"), within(store))
    const first = result.current
    rerender()
    await act(() => store.set("users", "alice", 1))
    await act(() => store.set("users", "bob", 1))
    expect(result.current).toBe(first)
    await act(() => store.touch("users", "alice", { expiresAt: Date.now() + 60_000 }))
    expect(result.current).not.toBe(first)
    expect(result.current.entry?.expiresAt).toBeGreaterThan(0)
  })

  it("C3 says that it is loading, and why it cannot be read", async () => {
    const { store, clock, fail } = createTestStore({ latency: 20, seed: { users: { alice: 1 } } })
    fail("io", { on: "read", kind: "users" })
    const { result } = renderHook(() => useEntry("users", "alice"), within(store))
    expect(result.current.status).toBe("loading")
    await act(() => clock.pass(20))
    expect(result.current).toMatchObject({
      status: "failed",
      error: { code: "storage_unavailable" },
    })
  })

  it("C3 says of an own write that it is on its way until it has arrived", async () => {
    const { store, offline, online } = createTestStore()
    const { result } = renderHook(() => useEntry("users", "alice"), within(store))
    act(offline)
    act(() => void store.set("users", "alice", 1))
    expect(result.current).toMatchObject({ value: 1, pending: true })
    await act(online)
    expect(result.current).toMatchObject({ value: 1, pending: false })
  })

  it("C3 never says that it loads what the server has drawn", async () => {
    const server = openStore()
    await server.set("users", "alice", 1)
    const state = await dehydrate(server, [["users", "alice"]])
    const { store, release } = await openFollower(server, { at: 1, held: true })
    const seen: unknown[] = []
    const wrapper = ({ children }: { children: ReactNode }) => (
      <StoreProvider store={store}>
        <HydrationBoundary state={state}>{children}</HydrationBoundary>
      </StoreProvider>
    )
    renderHook(
      () => {
        const { value, status } = useEntry("users", "alice")
        seen.push(`${String(value)} ${status}`)
      },
      { wrapper },
    )
    await act(async () => release())
    await vi.waitFor(() => expect(store.liveEntry("users", "alice").status).toBe("ready"))
    expect(new Set(seen)).toEqual(new Set(["1 ready"]))
  })

  it("C3 draws first what the server has drawn", async () => {
    const server = openStore()
    await server.set("users", "alice", 1)
    const state = await dehydrate(server, [["users", "alice"]])
    const wrapper = ({ children }: { children: ReactNode }) => (
      <StoreProvider store={undefined}>
        <HydrationBoundary state={state}>{children}</HydrationBoundary>
      </StoreProvider>
    )
    const { result } = renderHook(() => useEntry("users", "alice"), { wrapper })
    expect(result.current).toMatchObject({ value: 1, version: 1, status: "ready" })
  })
})
