import { act, render } from "@testing-library/react"
import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { StoreProvider, useHistory, useUndo } from "@tidemark/react"
import { expect, it, vi } from "vitest"
import "./within.tsx"

interface ShowingProps {
  useText(): string
  see(text: string): void
}

function Showing({ useText, see }: ShowingProps) {
  const text = useText()
  see(text)
  return text
}

/**
 * Renders with a store that has a note, written twice by "me", and then with an empty one. Gives
 * everything that was shown of the empty one.
 */
async function change(useText: () => string, ready: string): Promise<Set<string>> {
  const [first, second] = [openStore(), openStore()]
  await first.set("notes", "a", 1, { origin: "me" })
  await first.set("notes", "a", 2, { origin: "me" })
  const seen = new Set<string>()
  const page = (store: Store) => (
    <StoreProvider store={store}>
      <Showing useText={useText} see={(text) => store === second && seen.add(text)} />
    </StoreProvider>
  )
  const { container, rerender } = render(page(first))
  await vi.waitFor(() => expect(container.textContent).toBe(ready))
  await act(async () => rerender(page(second)))
  return seen
}

const useVersions = () => `of ${useHistory("notes", "a").map(({ version }) => version)}`
const useButton = () => (useUndo({ origin: "me" }).canUndo ? "undo" : "nothing")

it("C3 the history of an entry is never shown for the same entry of another store", async () => {
  expect(await change(useVersions, "of 2,1")).toEqual(new Set(["of "]))
})

it("C3 what can be undone in a store is never shown for another one", async () => {
  expect(await change(useButton, "undo")).toEqual(new Set(["nothing"]))
})
