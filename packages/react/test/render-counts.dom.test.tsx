import { act, configure, render } from "@testing-library/react"
import type { Entry } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { useKey, useKind } from "@tidemark/react"
import { memo } from "react"
import { beforeEach, expect, it } from "vitest"
import { within } from "./within.tsx"

/** Who was rendered, in order. */
let rendered: string[] = []

const Row = memo(function Row({ name }: { name: string }) {
  rendered.push(name)
  return <li>{String(useKey("rows", name))}</li>
})

function Rows({ names }: { names: readonly string[] }) {
  rendered.push("rows")
  return names.map((name) => <Row key={name} name={name} />)
}

const Item = memo(function Item({ entry }: { entry: Entry }) {
  rendered.push(entry.key)
  return <li>{String(entry.value)}</li>
})

function Items() {
  return useKind("rows").map((entry) => <Item key={entry.key} entry={entry} />)
}

const keys = Array.from({ length: 1_000 }, (_, index) => `row-${index}`)

async function renderRows() {
  const store = openStore()
  await store.setMany(
    "rows",
    keys.map((key) => [key, 0] as const),
  )
  const { container, unmount } = render(<Rows names={keys} />, within(store))
  expect(rendered.length).toBe(1 + keys.length)
  rendered = []
  return { store, container, unmount }
}

beforeEach(() => {
  // StrictMode calls components twice, and here the calls are counted.
  configure({ reactStrictMode: false })
  rendered = []
})

it("C3 one change renders the one component of 1,000 that reads it, once", async () => {
  const { store, container } = await renderRows()
  await act(() => store.set("rows", "row-500", 1))
  expect(rendered).toEqual(["row-500"])
  expect(container.children[500]?.textContent).toBe("1")
})

it("C3 a batch of 100 changes renders each component that it touches once, and no other", async () => {
  const { store } = await renderRows()
  const touched = keys.slice(200, 300)
  await act(() =>
    store.setMany(
      "rows",
      touched.map((key) => [key, 1] as const),
    ),
  )
  expect(rendered).toEqual(touched)
})

it("C3 several writes of one tick render a component once", async () => {
  const { store, container } = await renderRows()
  await act(async () => {
    for (let value = 1; value <= 50; value++) void store.set("rows", "row-7", value)
  })
  expect(rendered).toEqual(["row-7"])
  expect(container.children[7]?.textContent).toBe("50")
})

it("C3 an equal value, another kind and another key render nothing", async () => {
  const { store } = await renderRows()
  await act(() => store.set("rows", "row-1", 0))
  await act(() => store.set("other", "row-1", 1))
  await act(() => store.set("rows", "new", 1))
  expect(rendered).toEqual([])
})

it("C3 of a list only the changed entry is another one, so that only its row renders", async () => {
  const store = openStore()
  await store.setMany("rows", { a: 1, b: 2, c: 3 })
  const { container } = render(<Items />, within(store))
  rendered = []
  await act(() => store.set("rows", "b", 9))
  expect(new Set(rendered)).toEqual(new Set(["b"]))
  expect(container.textContent).toBe("193")
})

it("C3 nothing renders after it is unmounted", async () => {
  const { store, unmount } = await renderRows()
  unmount()
  await act(() => store.set("rows", "row-1", 1))
  expect(rendered).toEqual([])
})
