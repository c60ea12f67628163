import { act } from "@testing-library/react"
import type { Store } from "@tidemark/core"
import { type DehydratedState, HydrationBoundary, StoreProvider } from "@tidemark/react"
import { type ReactNode, StrictMode } from "react"
import { hydrateRoot } from "react-dom/client"
import { renderToString } from "react-dom/server"
import { afterEach, beforeEach, expect, onTestFinished, vi } from "vitest"

/** Everything that React has complained about. */
const complaints = vi.fn()

beforeEach(() => {
  complaints.mockReset()
  vi.spyOn(console, "error").mockImplementation(complaints)
})
afterEach(() => {
  expect(complaints.mock.calls).toEqual([])
  vi.restoreAllMocks()
})

export interface Page {
  readonly text: () => string | null
  /** Gives the client another store, or another state. */
  update(store: Store | undefined, state?: DehydratedState): Promise<void>
}

/**
 * Renders a page as a server without a store does, and hydrates it with a client's store. A
 * mismatch, or any other complaint of React, fails the test.
 */
export async function hydrate(
  children: ReactNode,
  state: DehydratedState | undefined,
  store: Store | undefined,
): Promise<Page> {
  const tree = (present: Store | undefined, known: DehydratedState | undefined) => (
    <StrictMode>
      <StoreProvider store={present}>
        <HydrationBoundary state={known}>{children}</HydrationBoundary>
      </StoreProvider>
    </StrictMode>
  )
  const container = document.createElement("div")
  container.innerHTML = renderToString(tree(undefined, state))
  const root = await act(async () =>
    hydrateRoot(container, tree(store, state), { onRecoverableError: complaints }),
  )
  onTestFinished(() => act(() => root.unmount()))
  return {
    text: () => container.textContent,
    update: (present, known = state) => act(async () => root.render(tree(present, known))),
  }
}
