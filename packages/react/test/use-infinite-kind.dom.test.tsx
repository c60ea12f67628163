import { act, renderHook } from "@testing-library/react"
import { openStore } from "@tidemark/core/memory"
import { createTestStore } from "@tidemark/core/testing"
import { useInfiniteKind } from "@tidemark/react"
import { describe, expect, it, vi } from "vitest"
import { openFollower } from "./follower.ts"
import { within } from "./within.tsx"

const rows = (count: number) =>
  Array.from({ length: count }, (_, n) => [`k${String(n).padStart(3, "0")}`, n] as const)

describe("useInfiniteKind", () => {
  it("C3 shows a page more each time, and says whether there are more", async () => {
    const store = openStore()
    await store.setMany("rows", rows(7))
    const { result } = renderHook(() => useInfiniteKind("rows", { limit: 3 }), within(store))
    const shown = () => [result.current.entries.length, result.current.hasMore]
    expect(shown()).toEqual([3, true])
    const { loadMore } = result.current
    act(() => loadMore())
    expect(shown()).toEqual([6, true])
    act(() => loadMore())
    expect(shown()).toEqual([7, false])
    act(() => loadMore())
    expect(shown()).toEqual([7, false])
    expect(result.current.loadMore).toBe(loadMore)
  })

  it("C3 is kept current as a whole: what comes and goes leaves no seam", async () => {
    const store = openStore()
    await store.setMany("rows", rows(10))
    const { result } = renderHook(() => useInfiniteKind("rows", { limit: 2 }), within(store))
    act(() => result.current.loadMore())
    const keys = () => result.current.entries.map(({ key }) => key)
    await act(() => store.set("rows", "k000a", 1))
    expect(keys()).toEqual(["k000", "k000a", "k001", "k002"])
    await act(() => store.delete("rows", "k001"))
    expect(keys()).toEqual(["k000", "k000a", "k002", "k003"])
    const before = result.current
    await act(() => store.set("other", "x", 1))
    expect(result.current).toBe(before)
  })

  it("C3 does not render when only what is behind its end changes", async () => {
    const store = openStore()
    await store.setMany("rows", rows(4))
    const { result } = renderHook(() => useInfiniteKind("rows", { limit: 2 }), within(store))
    const before = result.current
    await act(() => store.set("rows", "k002", 9))
    expect(result.current).toBe(before)
    await act(() => store.deleteMany("rows", { prefix: "k003" }))
    expect(result.current).toBe(before)
    await act(() => store.delete("rows", "k002"))
    expect(result.current).toMatchObject({ hasMore: false })
    expect(result.current.entries).toBe(before.entries)
  })

  it("C3 begins anew with another query", async () => {
    const store = openStore()
    await store.setMany("rows", rows(10))
    const { result, rerender } = renderHook(
      ({ reverse }) => useInfiniteKind("rows", { limit: 2, reverse }),
      { ...within(store), initialProps: { reverse: false } },
    )
    act(() => result.current.loadMore())
    rerender({ reverse: true })
    expect(result.current.entries.map(({ key }) => key)).toEqual(["k009", "k008"])
  })

  it("C3 says why more could not be read, keeps what it shows, and reads when asked again", async () => {
    const { store, clock, fail } = createTestStore({
      latency: 10,
      seed: { rows: Object.fromEntries(rows(5)) },
    })
    const { result } = renderHook(() => useInfiniteKind("rows", { limit: 2 }), within(store))
    await act(() => clock.pass(10))
    expect(result.current).toMatchObject({ hasMore: true, error: undefined })
    fail("io", { on: "read", kind: "rows" })
    act(() => result.current.loadMore())
    await act(() => clock.pass(10))
    const failed = { isLoading: false, hasMore: true, error: { code: "storage_unavailable" } }
    expect(result.current).toMatchObject(failed)
    expect(result.current.entries).toHaveLength(2)
    act(() => result.current.loadMore())
    expect(result.current).toMatchObject({ isLoading: true, error: undefined })
    await act(() => clock.pass(10))
    expect(result.current).toMatchObject({ isLoading: false, error: undefined })
    expect(result.current.entries).toHaveLength(4)
  })

  it("C3 while more is read keeps what it shows, and says so", async () => {
    const authority = openStore()
    await authority.setMany("rows", rows(5))
    const { store, release } = await openFollower(authority, { at: authority.position, held: true })
    const { result } = renderHook(() => useInfiniteKind("rows", { limit: 2 }), within(store))
    expect(result.current).toMatchObject({ entries: [], isLoading: true, status: "loading" })
    act(() => result.current.loadMore())
    await act(async () => release())
    await vi.waitFor(() => expect(result.current).toMatchObject({ isLoading: false }))
    expect(result.current.entries).toHaveLength(2)
  })
})
