import { act, render, renderHook } from "@testing-library/react"
import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { StoreProvider, useKey, useSet, useStatus, useStore } from "@tidemark/react"
import type { ReactNode } from "react"
import { describe, expect, it, vi } from "vitest"
import { within } from "./within.tsx"

function Name() {
  return <b>{String(useKey("users", "alice", { initial: "nobody" }))}</b>
}

const providing =
  (store: Store | Promise<Store> | undefined) =>
  ({ children }: { children: ReactNode }) => <StoreProvider store={store}>{children}</StoreProvider>

async function openAlice(name: string) {
  const store = openStore()
  await store.set("users", "alice", name)
  return store
}

describe("StoreProvider", () => {
  it("C3 gives a store that is still being opened when it is there", async () => {
    const { promise, resolve } = Promise.withResolvers<Store>()
    const { container } = render(<Name />, { wrapper: providing(promise) })
    expect(container.textContent).toBe("nobody")
    const store = await openAlice("Alice")
    await act(async () => resolve(store))
    expect(container.textContent).toBe("Alice")
  })

  it("C3 refuses what is no store, and says what to give", () => {
    const silent = vi.spyOn(console, "error").mockImplementation(() => {})
    for (const given of [null, {}, openStore]) {
      const show = () => render(<Name />, { wrapper: providing(given as never) })
      expect(show).toThrow(/StoreProvider was given no store.*openStore\(\)/)
    }
    silent.mockRestore()
  })

  it("C3 throws the error of a store that cannot be opened", async () => {
    const silent = vi.spyOn(console, "error").mockImplementation(() => {})
    const failure = new Error("no disk")
    const { promise, reject } = Promise.withResolvers<Store>()
    render(<Name />, { wrapper: providing(promise) })
    await expect(act(async () => reject(failure))).rejects.toBe(failure)
    silent.mockRestore()
  })

  it("C3 follows another store, or an older promise no longer, when it is given another one", async () => {
    const tree = (store: Store | Promise<Store>) => (
      <StoreProvider store={store}>
        <Name />
      </StoreProvider>
    )
    const { promise, resolve } = Promise.withResolvers<Store>()
    const { container, rerender } = render(tree(promise))
    const [bob, carol] = [await openAlice("Bob"), await openAlice("Carol")]
    rerender(tree(bob))
    expect(container.textContent).toBe("Bob")
    await act(async () => resolve(carol))
    expect(container.textContent).toBe("Bob")
    rerender(tree(Promise.resolve(carol)))
    await vi.waitFor(() => expect(container.textContent).toBe("Carol"))
  })

  it("C3 serves several stores side by side and one inside another", async () => {
    const [outer, inner] = [await openAlice("outer"), await openAlice("inner")]
    const { container } = render(
      <StoreProvider store={outer}>
        <Name />
        <StoreProvider store={inner}>
          <Name />
        </StoreProvider>
      </StoreProvider>,
    )
    expect(container.textContent).toBe("outerinner")
    await act(() => outer.set("users", "alice", "changed"))
    expect(container.textContent).toBe("changedinner")
  })

  it("C3 does not close the store when it is unmounted", async () => {
    const store = await openAlice("Alice")
    render(<Name />, within(store)).unmount()
    expect(await store.get("users", "alice")).toBe("Alice")
  })
})

describe("without a store", () => {
  const wrapper = providing(undefined)

  it("C3 useStore throws, and writers reject, with storage_unavailable and what to do", async () => {
    const silent = vi.spyOn(console, "error").mockImplementation(() => {})
    const unavailable = expect.objectContaining({
      code: "storage_unavailable",
      hint: expect.any(String),
    })
    expect(() => renderHook(() => useStore(), { wrapper })).toThrow(unavailable)
    const { result } = renderHook(() => useSet("users"), { wrapper })
    await expect(result.current("alice", 1)).rejects.toEqual(unavailable)
    silent.mockRestore()
  })

  it("C3 useStatus gives undefined", () => {
    expect(renderHook(() => useStatus(), { wrapper }).result.current).toBeUndefined()
  })
})

describe("useStore and useStatus", () => {
  it("C3 give the store itself, and what it says of itself, kept current", async () => {
    const store = openStore()
    const { result } = renderHook(() => ({ store: useStore(), status: useStatus() }), within(store))
    expect(result.current.store).toBe(store)
    expect(result.current.status).toMatchObject({
      engine: "memory",
      connection: "local",
      pending: 0,
    })
    let written: Promise<unknown> | undefined
    act(() => {
      written = store.set("users", "alice", 1)
    })
    expect(result.current.status?.pending).toBe(1)
    await act(() => written)
    expect(result.current.status?.pending).toBe(0)
  })
})
