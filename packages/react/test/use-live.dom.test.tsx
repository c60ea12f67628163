import { act, renderHook } from "@testing-library/react"
import { derive, type Live } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { useLive } from "@tidemark/react"
import { expect, it } from "vitest"
import { hydrate } from "./hydrate.tsx"
import "./within.tsx"

it("C3 useLive gives what is derived of several stores, and renders only when that changes", async () => {
  const [tasks, settings] = [openStore(), openStore()]
  await tasks.setMany("tasks", { a: 1, b: 2 })
  const shown = derive(
    [tasks.liveList("tasks"), settings.live("rank", "least")],
    (all, least = 0) =>
      all.filter(({ value }) => Number(value) > Number(least)).map(({ key }) => key),
  )
  const seen: unknown[] = []
  const { result } = renderHook(() => {
    const keys = useLive(shown)
    seen.push(keys)
    return keys
  })
  expect(result.current).toEqual(["a", "b"])
  await act(() => settings.set("rank", "least", 1))
  expect(result.current).toEqual(["b"])
  const before = seen.length
  await act(() => tasks.set("tasks", "a", 0))
  expect(seen).toHaveLength(before)
})

it("C3 useLive follows another live result when it is given another one", async () => {
  const store = openStore()
  await store.setMany("users", { alice: 1, bob: 2 })
  const { result, rerender } = renderHook(({ key }) => useLive(store.live("users", key)), {
    initialProps: { key: "alice" },
  })
  rerender({ key: "bob" })
  expect(result.current).toBe(2)
  await act(() => store.set("users", "bob", 3))
  expect(result.current).toBe(3)
})

let drawn: unknown[] = []

function Shown({ of }: { readonly of: Live<unknown> }) {
  const value = useLive(of, { initial: "nobody" })
  drawn.push(value)
  return <b>{String(value)}</b>
}

it("C3 useLive draws first what it was given for that, as the server did", async () => {
  const store = openStore()
  await store.set("users", "alice", 1)
  drawn = []
  const { text } = await hydrate(<Shown of={store.live("users", "alice")} />, undefined, store)
  expect(drawn.slice(0, 2)).toEqual(["nobody", "nobody"])
  expect(text()).toBe("1")
})
