import { act, cleanup, fireEvent, render, screen } from "@testing-library/react"
import { createTestStore } from "@tidemark/core/testing"
import { StoreProvider } from "@tidemark/react"
import { afterEach, expect, it } from "vitest"
import { kinds, TaskList } from "./task-list.tsx"

afterEach(cleanup)

/** The list with one task, over a store that the test has in hand. */
function show(options: { readonly latency?: number } = {}) {
  const test = createTestStore({
    kinds,
    seed: { tasks: { 1: { title: "Read the tide table", done: false } } },
    ...options,
  })
  render(
    <StoreProvider store={test.store}>
      <TaskList />
    </StoreProvider>,
  )
  return test
}

const checkbox = () => screen.getByRole<HTMLInputElement>("checkbox")
const isBusy = () => screen.getByRole("listitem").getAttribute("aria-busy") === "true"

it("shows a change at once, and as busy until it is saved", async () => {
  const { clock, latency } = show()
  latency({ writes: 300 })
  fireEvent.click(checkbox())
  expect(checkbox().checked).toBe(true)
  expect(isBusy()).toBe(true)
  await act(() => clock.pass(300))
  expect(isBusy()).toBe(false)
})

it("takes a change back that cannot be saved, and says why", async () => {
  const { fail, clock } = show()
  fail("full")
  fireEvent.click(checkbox())
  await act(() => clock.pass(0))
  expect(checkbox().checked).toBe(false)
  expect(screen.getByRole("alert").textContent).toBe("Not saved: storage_unavailable")

  fireEvent.click(checkbox())
  await act(() => clock.pass(0))
  expect(checkbox().checked).toBe(true)
  expect(screen.queryByRole("alert")).toBeNull()
})

it("works offline, and meets what others wrote when it is back", async () => {
  const { store, others, offline, online } = show()
  act(offline)
  expect(screen.getByRole("status").textContent).toBe("Offline")
  fireEvent.click(checkbox())
  await others.set("tasks", "2", { title: "Mend the net", done: false })
  expect([checkbox().checked, isBusy()]).toEqual([true, true])

  await act(online)
  expect(screen.queryByRole("status")).toBeNull()
  expect(screen.getAllByRole("listitem").map((one) => one.textContent)).toEqual([
    "Mend the net",
    "Read the tide table",
  ])
  expect(await others.get("tasks", "1")).toEqual(await store.get("tasks", "1"))
})

it("shows nothing until the tasks are read", async () => {
  const { clock } = show({ latency: 100 })
  expect(screen.queryByRole("listitem")).toBeNull()
  await act(() => clock.pass(100))
  expect(screen.getByRole("list").textContent).toBe("Read the tide table")
})
