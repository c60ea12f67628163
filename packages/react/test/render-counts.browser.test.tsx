import { openStore } from "@tidemark/core/memory"
import { StoreProvider, useKey } from "@tidemark/react"
import { memo } from "react"
import { createRoot } from "react-dom/client"
import { expect, it, onTestFinished, vi } from "vitest"

/** Who was rendered, in order. */
let rendered: string[] = []

const Row = memo(function Row({ name }: { name: string }) {
  rendered.push(name)
  return <li>{String(useKey("rows", name))}</li>
})

const keys = Array.from({ length: 10_000 }, (_, index) => `row-${index}`)

it("C3 of 10,000 rows that read a key each, a change renders one, and a batch of 100 each of its own, once", async () => {
  const store = openStore()
  const valued = (names: readonly string[], value: number) =>
    names.map((name) => [name, value] as const)
  await store.setMany("rows", valued(keys, 0))
  const container = document.createElement("ul")
  document.body.append(container)
  const root = createRoot(container)
  onTestFinished(() => {
    root.unmount()
    container.remove()
  })
  const rows = keys.map((name) => <Row key={name} name={name} />)
  root.render(<StoreProvider store={store}>{rows}</StoreProvider>)
  await vi.waitFor(() => expect(container.childElementCount).toBe(keys.length), 30_000)
  expect(rendered).toEqual(keys)

  const texts = (count: string) =>
    [...container.children].filter(({ textContent }) => textContent === count).length
  rendered = []
  await store.set("rows", "row-5000", 1)
  await vi.waitFor(() => expect(texts("1")).toBe(1))
  expect(rendered).toEqual(["row-5000"])

  rendered = []
  const touched = keys.slice(2_000, 2_100)
  await store.setMany("rows", valued(touched, 2))
  await vi.waitFor(() => expect(texts("2")).toBe(100))
  expect(rendered).toEqual(touched)
})
