import { act, render, renderHook } from "@testing-library/react"
import type { Change, Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { useWatch } from "@tidemark/react"
import { Component, type ReactNode } from "react"
import { describe, expect, it, vi } from "vitest"
import { openFollower } from "./follower.ts"
import { within } from "./within.tsx"

/** Counts the subscriptions that are open on a store's watches, and all there ever were. */
function counted(store: Store) {
  const count = { open: 0, ever: 0 }
  const watch = store.watch.bind(store) as Store["watch"]
  vi.spyOn(store, "watch").mockImplementation((target, options) => {
    const made = watch(target, options)
    const subscribe = made.subscribe.bind(made)
    vi.spyOn(made, "subscribe").mockImplementation((observer) => {
      const subscription = subscribe(observer)
      count.open++
      count.ever++
      return {
        closed: false,
        unsubscribe() {
          count.open--
          subscription.unsubscribe()
        },
      }
    })
    return made
  })
  return count
}

const told = (handler: { mock: { calls: Change[][] } }) =>
  handler.mock.calls.map(([change]) => `${change?.type} ${change?.key}`)

describe("useWatch", () => {
  it("C3 calls the handler with each change from the mount on, once, in order", async () => {
    const store = openStore()
    await store.set("orders", "1", "old")
    const handler = vi.fn<(change: Change) => void>()
    renderHook(() => useWatch("orders", handler), within(store))
    await act(async () => {
      await store.set("orders", "2", "new")
      await store.set("orders", "2", "newer")
      await store.set("other", "3", "new")
      await store.delete("orders", "1")
    })
    expect(told(handler)).toEqual(["create 2", "update 2", "delete 1"])
  })

  it("C3 takes options written in place: types, and a replay that StrictMode does not repeat", async () => {
    const store = openStore()
    await store.set("orders", "1", "old")
    const handler = vi.fn<(change: Change) => void>()
    const { rerender } = renderHook(
      () => useWatch(["orders", "1"], handler, { from: "current", types: ["create", "delete"] }),
      within(store),
    )
    await act(() => store.set("orders", "1", "new"))
    rerender()
    await act(() => store.delete("orders", "1"))
    expect(told(handler)).toEqual(["create 1", "delete 1"])
    expect(handler.mock.calls[0]?.[0].replay).toBe(true)
  })

  it("C3 always calls the handler of the newest render, without subscribing again", async () => {
    const store = openStore()
    const count = counted(store)
    const first = vi.fn()
    const second = vi.fn()
    const { rerender } = renderHook(
      ({ handler }) => useWatch({ anyOf: ["orders", ["users", "alice"]] }, handler),
      { ...within(store), initialProps: { handler: first } },
    )
    const before = count.ever
    rerender({ handler: second })
    await act(() => store.set("orders", "1", 1))
    expect(first).not.toHaveBeenCalled()
    expect(second).toHaveBeenCalledOnce()
    expect(count).toEqual({ open: 1, ever: before })
  })

  it("C3 follows another target when it is given another one, and never two at once", async () => {
    const store = openStore()
    const count = counted(store)
    const handler = vi.fn<(change: Change) => void>()
    const { rerender } = renderHook(({ kind }) => useWatch(kind, handler), {
      ...within(store),
      initialProps: { kind: "orders" },
    })
    rerender({ kind: "users" })
    expect(count.open).toBe(1)
    await act(async () => {
      await store.set("orders", "1", 1)
      await store.set("users", "alice", 1)
    })
    expect(told(handler)).toEqual(["create alice"])
  })

  it("C3 stops when it is unmounted", async () => {
    const store = openStore()
    const count = counted(store)
    const handler = vi.fn()
    const { unmount } = renderHook(() => useWatch("*", handler), within(store))
    expect(count.open).toBe(1)
    unmount()
    expect(count.open).toBe(0)
    await store.set("orders", "1", 1)
    expect(handler).not.toHaveBeenCalled()
  })

  it("C3 does not render when a change comes", async () => {
    const store = openStore()
    const render = vi.fn()
    renderHook(() => {
      render()
      useWatch("orders", () => {})
    }, within(store))
    const before = render.mock.calls.length
    await act(() => store.set("orders", "1", 1))
    expect(render).toHaveBeenCalledTimes(before)
  })

  it("C3 says that what was told no longer holds, before a replay of everything", async () => {
    const store = openStore()
    await store.setMany("orders", { 1: "a", 2: "b", 3: "c" })
    await store.delete("orders", "2")
    await store.prune({ changes: 0, versions: 0, tombstones: 0 })
    const heard: string[] = []
    renderHook(
      () =>
        useWatch("orders", ({ key }) => void heard.push(key), {
          from: 1,
          onGap: "replay",
          onReset: () => void heard.push("reset"),
        }),
      within(store),
    )
    await vi.waitFor(() => expect(heard).toEqual(["reset", "1", "3"]))
  })

  it("C3 throws a lost position to the nearest error boundary", async () => {
    const silent = vi.spyOn(console, "error").mockImplementation(() => {})
    const authority = openStore()
    for (let value = 0; value < 3; value++) await authority.set("orders", "1", value)
    const { store } = await openFollower(authority, { snapshotAt: 3 })
    const { container } = render(
      <Boundary>
        <Watching />
      </Boundary>,
      within(store),
    )
    await vi.waitFor(() => expect(container.textContent).toBe("position_too_old"))
    silent.mockRestore()
  })
})

function Watching() {
  useWatch("orders", () => {}, { from: 1 })
  return "watching"
}

class Boundary extends Component<{ children: ReactNode }> {
  override state: { readonly code?: string } = {}
  static getDerivedStateFromError(error: { code: string }) {
    return { code: error.code }
  }
  override render() {
    return this.state.code ?? this.props.children
  }
}
