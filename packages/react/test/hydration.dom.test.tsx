import { act } from "@testing-library/react"
import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { HydrationBoundary, useKey, useKind, useStatus } from "@tidemark/react"
import { type DehydratedState, dehydrate } from "@tidemark/react/server"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { openFollower } from "./follower.ts"
import { hydrate } from "./hydrate.tsx"

/** All that the components have drawn, in order. */
let drawn: unknown[] = []

function Alice() {
  const alice = useKey("users", "alice", { initial: "nobody" })
  drawn.push(alice)
  return <b>{JSON.stringify(alice)}</b>
}

function Open() {
  const tasks = useKind("tasks", { where: { done: false }, limit: 2 })
  drawn.push(tasks)
  return <b>{tasks.map(({ key }) => key).join("")}</b>
}

function Status() {
  return <b>{useStatus()?.engine ?? "no status"}</b>
}

let authority: Store
let state: DehydratedState

beforeEach(async () => {
  drawn = []
  authority = openStore()
  await authority.set("users", "alice", { name: "Alice" })
  await authority.setMany("tasks", { a: { done: false }, b: { done: true }, c: { done: false } })
  state = await read()
})

/** What the server reads, after a journey as JSON. */
async function read(): Promise<DehydratedState> {
  const requests = [
    ["users", "alice"],
    ["tasks", { limit: 2, where: { done: false } }],
  ] as const
  return JSON.parse(JSON.stringify(await dehydrate(authority, requests)))
}

const page = (
  <>
    <Alice /> <Open />
  </>
)

describe("HydrationBoundary", () => {
  it("C3 draws the server's values when there is no store, and the store's when it comes", async () => {
    const { text, update } = await hydrate(page, state, undefined)
    expect(text()).toBe('{"name":"Alice"} ac')
    await authority.set("users", "alice", { name: "Alicia" })
    await update(authority)
    expect(text()).toBe('{"name":"Alicia"} ac')
  })

  it("C3 draws the server's values while the store still reads, then what it has read", async () => {
    await authority.delete("users", "alice")
    await authority.delete("tasks", "a")
    const { store, release } = await openFollower(authority, { at: authority.position, held: true })
    const { text } = await hydrate(page, state, store)
    expect(text()).toBe('{"name":"Alice"} ac')
    await act(async () => release())
    await vi.waitFor(() => expect(text()).toBe('"nobody" c'))
  })

  it("C3 draws the server's values first although the store has newer ones, then those", async () => {
    await authority.set("users", "alice", { name: "Alicia" })
    await authority.delete("tasks", "a")
    const { text } = await hydrate(page, state, authority)
    expect(drawn[0]).toEqual({ name: "Alice" })
    expect(text()).toBe('{"name":"Alicia"} c')
  })

  it("C3 does not go back to older values while a replica catches up with the server", async () => {
    await authority.set("users", "alice", { name: "Alicia" })
    await authority.set("tasks", "b", { done: false })
    const older = state.seq
    state = await read()
    const { store, follow } = await openFollower(authority, { at: older })
    const { text } = await hydrate(page, state, store)
    expect(store.peek("users", "alice")).toEqual({ name: "Alice" })
    expect(text()).toBe('{"name":"Alicia"} ab')
    await authority.set("users", "alice", { name: "Ali" })
    await act(() => follow(authority.position))
    expect(text()).toBe('{"name":"Ali"} ab')
  })

  it("C3 does not go back either when the replica first has to read what it kept", async () => {
    await authority.set("users", "alice", { name: "Alicia" })
    const older = state.seq
    state = await read()
    const { store, follow, release } = await openFollower(authority, { at: older, held: true })
    const { text } = await hydrate(page, state, store)
    await act(async () => release())
    await vi.waitFor(() => expect(store.live("users", "alice").status).toBe("ready"))
    expect(store.peek("users", "alice")).toEqual({ name: "Alice" })
    await act(() => follow(authority.position))
    expect(text()).toBe('{"name":"Alicia"} ac')
    expect(new Set(drawn.map((one) => JSON.stringify(one))).size).toBe(2)
  })

  it("C3 lets go of a value that is gone when the replica has caught up, though the replica never had it", async () => {
    state = await read()
    const { store, follow } = await openFollower(authority, { at: 0 })
    const { text } = await hydrate(page, state, store)
    expect(text()).toBe('{"name":"Alice"} ac')
    await authority.delete("users", "alice")
    for (const key of ["a", "c"]) await authority.delete("tasks", key)
    await act(() => follow(authority.position))
    expect(text()).toBe('"nobody" ')
  })

  it("C3 draws an own write at once, while the store still reads and while it catches up", async () => {
    const loading = await openFollower(authority, { held: true })
    const first = await hydrate(<Alice />, state, loading.store)
    act(() => void loading.store.set("users", "alice", { name: "own" }))
    expect(first.text()).toBe('{"name":"own"}')

    const behind = await openFollower(authority, { at: 0 })
    const second = await hydrate(page, state, behind.store)
    act(() => void behind.store.set("users", "alice", { name: "own" }))
    expect(second.text()).toBe('{"name":"own"} ac')
    act(() => void behind.store.set("tasks", "z", { done: false }))
    expect(second.text()).toBe('{"name":"own"} z')
  })

  it("C3 takes the store's values when its sequence is another one, whatever their positions", async () => {
    const other = openStore()
    await other.set("users", "alice", { name: "other" })
    const { text } = await hydrate(page, { ...state, seq: 1_000 }, other)
    expect(text()).toBe('{"name":"other"} ')
  })

  it("C3 draws once when the store has what the server had, and keeps the identity", async () => {
    await hydrate(page, state, authority)
    // The two components on the server, and twice each in StrictMode on the client.
    expect(drawn.length).toBe(2 + 4)
    const served = [state.keys[0]?.[2]?.value, state.lists[0]?.[2]]
    for (const one of drawn) expect(served).toContain(one)
  })

  it("C3 keeps the server's values when the store cannot read, or closes before it has", async () => {
    const failing = await openFollower(authority, { held: true })
    const first = await hydrate(page, state, failing.store)
    await act(async () => failing.release(new Error("no disk")))
    await vi.waitFor(() => expect(failing.store.live("users", "alice").status).toBe("failed"))
    expect(first.text()).toBe('{"name":"Alice"} ac')

    const closing = await openFollower(authority, { held: true })
    const second = await hydrate(page, state, closing.store)
    await act(() => closing.store.close())
    expect(second.text()).toBe('{"name":"Alice"} ac')
  })

  it("C3 knows that the server had no entry", async () => {
    await authority.delete("users", "alice")
    const before = authority.position - 1
    state = await read()
    const { store, follow } = await openFollower(authority, { at: before })
    const { text } = await hydrate(<Alice />, state, store)
    expect(store.peek("users", "alice")).toEqual({ name: "Alice" })
    expect(text()).toBe('"nobody"')
    await act(() => follow(authority.position))
    expect(text()).toBe('"nobody"')
    expect(new Set(drawn)).toEqual(new Set(["nobody"]))
  })

  it("C3 first draws nothing for what was not asked for, because the server knew nothing", async () => {
    const { text } = await hydrate(page, { ...state, keys: [], lists: [] }, authority)
    expect(drawn[0]).toBe("nobody")
    expect(text()).toBe('{"name":"Alice"} ac')
  })

  it("C3 without a state does what a page without it would do", async () => {
    const { text } = await hydrate(page, undefined, authority)
    expect(drawn[0]).toBe("nobody")
    expect(text()).toBe('{"name":"Alice"} ac')
  })

  it("C3 does not show the server's status as the client's", async () => {
    const { text } = await hydrate(<Status />, state, authority)
    expect(text()).toBe("memory")
  })

  it("C3 can be nested: the inner one answers first, the outer one for the rest", async () => {
    await authority.set("users", "alice", { name: "inner" })
    const inner = await dehydrate(authority, [["users", "alice"]])
    const nested = (
      <>
        <Alice /> <HydrationBoundary state={inner}>{page}</HydrationBoundary>
      </>
    )
    const { text } = await hydrate(nested, state, undefined)
    expect(text()).toBe('{"name":"Alice"} {"name":"inner"} ac')
  })

  it("C3 takes a newer state when it is given one", async () => {
    const { store } = await openFollower(authority, { at: authority.position })
    const { text, update } = await hydrate(page, state, store)
    await authority.set("users", "alice", { name: "Alicia" })
    await update(store, await read())
    expect(text()).toBe('{"name":"Alicia"} ac')
  })
})
