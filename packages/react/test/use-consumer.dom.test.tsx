import { act, renderHook } from "@testing-library/react"
import { openStore } from "@tidemark/core/memory"
import { useConsumer } from "@tidemark/react"
import { describe, expect, it, vi } from "vitest"
import { within } from "./within.tsx"

describe("useConsumer", () => {
  it("C3 handles each change once over mounts, by the handler of the newest render", async () => {
    const errors: unknown[] = []
    const store = openStore({ onError: (error) => errors.push(error) })
    const seen: string[] = []
    const mount = () =>
      renderHook(
        ({ by }) =>
          useConsumer("copy", "orders", ({ key }) => void seen.push(`${by} ${key}`), { from: 0 }),
        { ...within(store), initialProps: { by: "first" } },
      )
    const { result, rerender, unmount } = mount()
    await act(() => store.set("orders", "a", 1))
    await vi.waitFor(() => expect(seen).toEqual(["first a"]))
    rerender({ by: "second" })
    await act(() => store.set("orders", "b", 1))
    await vi.waitFor(() => expect(seen).toEqual(["first a", "second b"]))
    await vi.waitFor(() => expect(result.current).toMatchObject({ state: "following", lag: 0 }))
    unmount()
    await store.set("orders", "c", 1)
    const again = mount()
    await vi.waitFor(() => expect(seen).toEqual(["first a", "second b", "first c"]))
    again.unmount()
    expect(errors).toEqual([])
    await store.close()
  })

  it("C3 subscribes once, however often its component renders", async () => {
    const store = openStore()
    const consume = vi.spyOn(store, "consume")
    const { result, rerender } = renderHook(() => useConsumer("copy", "orders", () => {}), {
      ...within(store),
    })
    await vi.waitFor(() => expect(result.current).toMatchObject({ state: "following" }))
    const [made] = consume.mock.results
    const subscribe = vi.spyOn(made?.value.status, "subscribe")
    rerender()
    expect(subscribe).not.toHaveBeenCalled()
  })

  it("C3 throws to the error boundary where it has no handler, and parks nothing", async () => {
    const store = openStore()
    const silent = vi.spyOn(console, "error").mockImplementation(() => {})
    const without = undefined as never
    const mounted = () => renderHook(() => useConsumer("copy", "orders", without), within(store))
    await expect(act(async () => void mounted())).rejects.toThrow(/handler.*is no function/)
    silent.mockRestore()
    await store.close()
  })

  it("C3 throws what it cannot be told to the error boundary", async () => {
    const silent = vi.spyOn(console, "error").mockImplementation(() => {})
    const store = openStore()
    let caught: unknown
    try {
      renderHook(() => useConsumer("", "orders", () => {}), within(store))
      await act(async () => {})
    } catch (error) {
      caught = error
    }
    expect(caught).toMatchObject({ code: "invalid_key" })
    silent.mockRestore()
  })
})
