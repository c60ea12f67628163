import { cleanup, render } from "@testing-library/react"
import type { Store, Subscription } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { TidemarkDevtools } from "@tidemark/devtools/react"
import { StrictMode } from "react"
import { renderToString } from "react-dom/server"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"

const hosts = () => document.querySelectorAll<HTMLElement>("[data-tidemark-devtools]")
const found = (selector: string) => hosts()[0]?.shadowRoot?.querySelector<HTMLElement>(selector)

describe("<TidemarkDevtools>", () => {
  beforeEach(() => localStorage.clear())
  afterEach(cleanup)

  it("C4 mounts one panel under StrictMode, and takes it away", async () => {
    const { unmount } = render(
      <StrictMode>
        <TidemarkDevtools store={openStore()} position="bottom-left" />
      </StrictMode>,
    )
    expect(hosts()).toHaveLength(1)
    expect(hosts()[0]?.parentElement).toBe(document.body)
    expect(found("button.launcher")?.classList).toContain("bottom-left")
    unmount()
    expect(hosts()).toHaveLength(0)
  })

  it("C4 lets go of the store when it is taken away", async () => {
    const store = openStore()
    const subscriptions: Subscription[] = []
    const watch = store.watch.bind(store)
    vi.spyOn(store, "watch").mockImplementation((...given: Parameters<Store["watch"]>) => {
      const made = watch(...given)
      const subscribe = made.subscribe.bind(made)
      vi.spyOn(made, "subscribe").mockImplementation((observer) => {
        const subscription = subscribe(observer)
        subscriptions.push(subscription)
        return subscription
      })
      return made
    })
    const { unmount } = render(<TidemarkDevtools store={store} />)
    expect(subscriptions.map(({ closed }) => closed)).toEqual([false])
    unmount()
    expect(subscriptions.map(({ closed }) => closed)).toEqual([true])
  })

  it("C4 stands in its place inline, and shows the store it is given last", async () => {
    const [first, second] = [openStore(), openStore()]
    await second.set("notes", "n1", "of the second")
    const { rerender, container } = render(<TidemarkDevtools store={first} mode="inline" />)
    expect(container.querySelector("[data-tidemark-devtools]")).not.toBeNull()
    expect(found("[data-fact=position] dd")?.textContent).toBe("0")
    rerender(<TidemarkDevtools store={second} mode="inline" />)
    expect(hosts()).toHaveLength(1)
    expect(found("[data-fact=position] dd")?.textContent).toBe("1")
  })

  it("C4 keeps its panel while its parent renders again with the same options", () => {
    const store = openStore()
    const { rerender } = render(<TidemarkDevtools store={store} open />)
    const [before] = hosts()
    rerender(<TidemarkDevtools store={store} open />)
    expect(hosts()[0]).toBe(before)
  })

  it("C4 renders nothing on a server but its place", () => {
    const store = openStore()
    expect(renderToString(<TidemarkDevtools store={store} />)).toBe("")
    expect(renderToString(<TidemarkDevtools store={store} mode="inline" />)).toBe(
      '<div style="height:100%"></div>',
    )
  })
})
