import { act, configure, fireEvent, render, renderHook, screen } from "@testing-library/react"
import { openStore } from "@tidemark/core/memory"
import { useSelect } from "@tidemark/react"
import { createElement, lazy, type ReactNode, Suspense, startTransition, useState } from "react"
import { describe, expect, it, vi } from "vitest"
import { within } from "./within.tsx"

/** What was rendered, in order. */
let rendered: string[] = []

function Field({ field }: { field: string }) {
  rendered.push(field)
  const of = useSelect("users", "alice", (user) => ({
    of: (user as Record<string, unknown>)[field],
  }))
  return JSON.stringify(of)
}

function Fields({ slow }: { slow: ReactNode }) {
  const [field, setField] = useState("a")
  return (
    <Suspense>
      <Field field={field} />
      {field === "b" && slow}
      <button type="button" onClick={() => startTransition(() => setField("b"))}>
        next
      </button>
    </Suspense>
  )
}

describe("useSelect", () => {
  it("C3 gives what a function makes of a value or of a list", async () => {
    const store = openStore()
    await store.setMany("tasks", { a: { done: true }, b: { done: false } })
    const { result } = renderHook(
      () => [
        useSelect("tasks", "a", (task) => (task as { done: boolean } | undefined)?.done),
        useSelect("tasks", { where: { done: false } }, (tasks) => tasks.map(({ key }) => key)),
      ],
      within(store),
    )
    expect(result.current).toEqual([true, ["b"]])
    await act(() => store.set("tasks", "a", { done: false }))
    expect(result.current).toEqual([false, ["a", "b"]])
    await act(() => store.delete("tasks", "a"))
    expect(result.current).toEqual([undefined, ["b"]])
  })

  it("C3 renders only when the selection becomes another one, also when it is a new object each time", async () => {
    configure({ reactStrictMode: false })
    const store = openStore()
    await store.set("users", "alice", { name: { first: "Alice" }, age: 1 })
    const seen: unknown[] = []
    renderHook(() => {
      seen.push(useSelect("users", "alice", (user) => ({ of: (user as { name: object }).name })))
    }, within(store))
    await act(() => store.set("users", "alice", { name: { first: "Alice" }, age: 2 }))
    expect(seen).toHaveLength(1)
    await act(() => store.set("users", "alice", { name: { first: "Alicia" }, age: 2 }))
    expect(seen).toEqual([{ of: { first: "Alice" } }, { of: { first: "Alicia" } }])
    configure({ reactStrictMode: true })
  })

  it("C3 uses the function of the newest render", async () => {
    const store = openStore()
    await store.set("users", "alice", { a: 1, b: 2 })
    const { result, rerender } = renderHook(
      ({ field }) => useSelect("users", "alice", (user) => (user as Record<string, number>)[field]),
      { ...within(store), initialProps: { field: "a" } },
    )
    expect(result.current).toBe(1)
    rerender({ field: "b" })
    expect(result.current).toBe(2)
  })

  it("C3 a render that React has put aside, with another function, leaves the one on the screen alone", async () => {
    configure({ reactStrictMode: false })
    const store = openStore()
    await store.set("users", "alice", { a: [1], b: [2], c: 0 })
    const { promise, resolve } = Promise.withResolvers<{ default: () => null }>()
    const slow = createElement(lazy(() => promise))
    const { container } = render(<Fields slow={slow} />, within(store))
    await act(async () => fireEvent.click(screen.getByRole("button")))
    expect(rendered).toContain("b")
    rendered = []
    await act(() => store.set("users", "alice", { a: [1], b: [2], c: 1 }))
    expect(rendered).not.toContain("a")
    expect(container.textContent).toBe('{"of":[1]}next')
    await act(async () => resolve({ default: () => null }))
    expect(container.textContent).toBe('{"of":[2]}next')
    configure({ reactStrictMode: true })
  })

  it("C3 throws what the function throws", () => {
    const silent = vi.spyOn(console, "error").mockImplementation(() => {})
    const failing = () =>
      renderHook(
        () =>
          useSelect("users", "alice", () => {
            throw new Error("no user")
          }),
        within(openStore()),
      )
    expect(failing).toThrow("no user")
    silent.mockRestore()
  })
})
