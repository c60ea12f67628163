import { cleanup, configure } from "@testing-library/react"
import type { Store } from "@tidemark/core"
import { StoreProvider } from "@tidemark/react"
import type { ComponentType, ReactNode } from "react"
import { afterEach } from "vitest"

// For all tests of components: StrictMode around everything, and a fresh page for each test.
configure({ reactStrictMode: true })
afterEach(cleanup)

/** Renders something below the provider of a store. */
export function within(store: Store): { wrapper: ComponentType<{ children: ReactNode }> } {
  return {
    wrapper: ({ children }) => <StoreProvider store={store}>{children}</StoreProvider>,
  }
}
