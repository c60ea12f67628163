import { render, waitFor } from "@testing-library/react"
import { openStore } from "@tidemark/core/memory"
import { StoreProvider, useKey } from "@tidemark/react"
import { browserStore } from "@tidemark/react/next/client"
import { StrictMode } from "react"
import { renderToString } from "react-dom/server"
import { describe, expect, expectTypeOf, it, vi } from "vitest"

const openUsers = vi.fn(async () => {
  const store = openStore()
  await store.set("users", "alice", "Alice")
  return store
})

function App({ store }: { readonly store: () => ReturnType<typeof openUsers> | undefined }) {
  return (
    <StoreProvider store={store()}>
      <Alice />
    </StoreProvider>
  )
}

function Alice() {
  return <b>{String(useKey("users", "alice", { initial: "nobody" }))}</b>
}

describe("the store of a page", () => {
  it("C3 is opened once, at the first call, also when the module is loaded again", async () => {
    const [before, after] = [browserStore("users", openUsers), browserStore("users", openUsers)]
    expect(openUsers).not.toHaveBeenCalled()
    const { container } = render(
      <StrictMode>
        <App store={before} />
        <App store={after} />
      </StrictMode>,
    )
    await waitFor(() => expect(container.textContent).toBe("AliceAlice"))
    expect(openUsers).toHaveBeenCalledTimes(1)
    expectTypeOf(before).returns.toEqualTypeOf<ReturnType<typeof openUsers> | undefined>()
  })

  it("C3 that could not be opened is tried again by the next call", async () => {
    const open = vi.fn(openUsers)
    open.mockRejectedValueOnce(new Error("no disk"))
    const store = browserStore("again", open)
    const first = store()
    expect(store()).toBe(first)
    await expect(first).rejects.toThrow("no disk")
    expect(await (await store())?.get("users", "alice")).toBe("Alice")
    expect(store()).toBe(store())
    expect(open).toHaveBeenCalledTimes(2)
  })

  it("C3 is none on a server", () => {
    vi.stubGlobal("document", undefined)
    const open = vi.fn(openUsers)
    expect(renderToString(<App store={browserStore("none", open)} />)).toBe("<b>nobody</b>")
    expect(open).not.toHaveBeenCalled()
    vi.unstubAllGlobals()
  })
})
