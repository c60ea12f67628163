import { act, fireEvent, render, renderHook, screen } from "@testing-library/react"
import { openStore } from "@tidemark/core/memory"
import { createTestStore } from "@tidemark/core/testing"
import { useDelete, useKey, useSet, useUpdate } from "@tidemark/react"
import { describe, expect, it } from "vitest"
import { within } from "./within.tsx"

function NameInput() {
  const name = useKey("users", "name", { initial: "" })
  const setUser = useSet("users")
  return (
    <input value={String(name)} onChange={(event) => void setUser("name", event.target.value)} />
  )
}

describe("useSet, useUpdate, useDelete", () => {
  it("C3 write, change and delete entries of their kind, and tell what they did", async () => {
    const store = openStore()
    const { result } = renderHook(
      () => ({ set: useSet("users"), update: useUpdate("users"), remove: useDelete("users") }),
      within(store),
    )
    const { set, update, remove } = result.current
    expect(await set("alice", 1)).toMatchObject({ outcome: "created", version: 1 })
    expect(await update("alice", (value) => Number(value) + 1)).toMatchObject({ version: 2 })
    expect(await remove("alice")).toEqual({ existed: true, previous: 2 })
  })

  it("C3 pass on the options of a write", async () => {
    const store = openStore()
    const { result } = renderHook(() => useSet("users"), within(store))
    await result.current("alice", 1, { origin: "form" })
    expect((await store.history("users", "alice"))[0]?.origin).toBe("form")
    const late = result.current("alice", 2, { ifVersion: "absent" })
    await expect(late).rejects.toMatchObject({ code: "conflict" })
  })

  it("C3 are the same functions in every render, for as long as store and kind are the same", () => {
    const store = openStore()
    const { result, rerender } = renderHook(
      ({ kind }) => [useSet(kind), useUpdate(kind), useDelete(kind)] as const,
      { ...within(store), initialProps: { kind: "users" } },
    )
    const first = result.current
    rerender({ kind: "users" })
    for (const index of [0, 1, 2] as const) expect(result.current[index]).toBe(first[index])
    rerender({ kind: "tasks" })
    for (const index of [0, 1, 2] as const) expect(result.current[index]).not.toBe(first[index])
  })

  it("C3 reject, and do not throw, what cannot be written", async () => {
    const { result } = renderHook(() => useSet("users"), within(openStore()))
    await expect(result.current("alice", undefined)).rejects.toMatchObject({
      code: "invalid_value",
    })
  })
})

describe("a controlled input bound to a key", () => {
  async function type(value: string, caret: number) {
    const input = screen.getByRole<HTMLInputElement>("textbox")
    await act(async () => {
      // The browser puts text and caret first and then tells React.
      fireEvent.input(input, { target: { value, selectionStart: caret, selectionEnd: caret } })
      // Before anything that waits: React has drawn the new value and left the caret alone.
      expect([input.value, input.selectionStart]).toEqual([value, caret])
    })
    return input
  }

  it("C3 keeps text and caret when somebody types in the middle", async () => {
    const store = openStore()
    await store.set("users", "name", "Alce")
    render(<NameInput />, within(store))
    const input = await type("Alice", 3)
    expect([input.value, input.selectionStart]).toEqual(["Alice", 3])
    await type("Alioce", 4)
    expect([input.value, input.selectionStart]).toEqual(["Alioce", 4])
    expect(store.peek("users", "name")).toBe("Alioce")
  })

  it("C3 keeps them too while the store still reads the key", async () => {
    const { store } = createTestStore({ latency: 1_000 })
    render(<NameInput />, within(store))
    const input = await type("A", 1)
    await type("BA", 1)
    expect([input.value, input.selectionStart]).toEqual(["BA", 1])
  })
})
