import { act, fireEvent, render, screen } from "@testing-library/react"
import type { Clock, Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { createTestStore } from "@tidemark/core/testing"
import {
  HydrationBoundary,
  StoreProvider,
  useKey,
  useSuspenseKey,
  useSuspenseKind,
} from "@tidemark/react"
import { dehydrate } from "@tidemark/react/server"
import {
  Component,
  createElement,
  lazy,
  type ReactNode,
  Suspense,
  startTransition,
  useState,
} from "react"
import { renderToString } from "react-dom/server"
import { describe, expect, it, vi } from "vitest"
import { openFollower } from "./follower.ts"
import "./within.tsx"

function Names() {
  const one = useSuspenseKey("users", "alice")
  const all = useSuspenseKind("users").map(({ key }) => key)
  return (
    <p>
      {String(one)} of {all.join()}
    </p>
  )
}

function Alice() {
  return String(useSuspenseKey("users", "alice"))
}

function All() {
  return useSuspenseKind("users").map(({ key }) => key)
}

function Turning() {
  const [key, setKey] = useState("alice")
  const value = useSuspenseKey("users", key)
  return (
    <button type="button" onClick={() => startTransition(() => setKey("bob"))}>
      {key}: {String(value)}
    </button>
  )
}

function Name() {
  return <p>{String(useKey("users", "alice", { initial: "initial" }))}</p>
}

function Waiting({ children }: { children: ReactNode }) {
  return <Suspense fallback={<i>waiting</i>}>{children}</Suspense>
}

class Catch extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {}
  static getDerivedStateFromError(error: Error) {
    return { error }
  }
  override render() {
    return this.state.error === undefined ? this.props.children : <b>{this.state.error.message}</b>
  }
}

async function held() {
  const authority = openStore()
  await authority.setMany("users", { alice: 1, bob: 2 })
  return openFollower(authority, { at: authority.position, held: true })
}

describe("useSuspenseKey and useSuspenseKind", () => {
  it("C3 show the fallback until they have been read, and then follow", async () => {
    const { store, release } = await held()
    const { container } = render(
      <StoreProvider store={store}>
        <Waiting>
          <Names />
        </Waiting>
      </StoreProvider>,
    )
    expect(container.textContent).toBe("waiting")
    await act(async () => release())
    await vi.waitFor(() => expect(container.textContent).toBe("1 of alice,bob"))
    await act(() => store.set("users", "alice", 3))
    expect(container.textContent).toBe("3 of alice,bob")
  })

  it("C3 read once, however long the components beside them let the boundary wait", async () => {
    const authority = openStore()
    await authority.set("users", "alice", 1)
    const timers = new Set<() => void>()
    const clock: Clock = {
      now: () => 0,
      after(_, callback) {
        const timer = () => callback()
        timers.add(timer)
        return () => timers.delete(timer)
      },
    }
    const options = { at: authority.position, held: true, clock }
    const { store, release, reads } = await openFollower(authority, options)
    const arrival = Promise.withResolvers<{ default: () => null }>()
    const slow = createElement(lazy(() => arrival.promise))
    const { container } = render(
      <StoreProvider store={store}>
        <Waiting>
          <All />
          {slow}
        </Waiting>
      </StoreProvider>,
    )
    await act(async () => release())
    await vi.waitFor(() => expect(store.liveList("users").status).toBe("ready"))
    const before = reads()
    for (const due of [...timers]) due()
    await act(async () => arrival.resolve({ default: () => null }))
    await vi.waitFor(() => expect(container.textContent).toBe("alice"))
    expect(reads()).toBe(before)
  })

  it("C3 do not wait where the store answers at once", async () => {
    const store = openStore()
    const { container } = render(
      <StoreProvider store={store}>
        <Waiting>
          <Names />
        </Waiting>
      </StoreProvider>,
    )
    expect(container.textContent).toBe("undefined of ")
  })

  it.each(["below", "above"])(
    "C3 wait for a store that is being opened, with the boundary %s its provider",
    async (place) => {
      const opening = Promise.withResolvers<Store>()
      const names = (
        <StoreProvider store={opening.promise}>
          {place === "below" ? (
            <Waiting>
              <Names />
            </Waiting>
          ) : (
            <Names />
          )}
        </StoreProvider>
      )
      const { container } = render(place === "below" ? names : <Waiting>{names}</Waiting>)
      expect(container.textContent).toBe("waiting")
      const store = openStore()
      await store.set("users", "alice", 1)
      await act(async () => opening.resolve(store))
      await vi.waitFor(() => expect(container.textContent).toBe("1 of alice"))
    },
  )

  it("C3 throw why they cannot be read, or why there is no store, to the error boundary", async () => {
    const silent = vi.spyOn(console, "error").mockImplementation(() => {})
    const { store, release } = await held()
    const opening = Promise.withResolvers<Store>()
    render(
      [store, opening.promise].map((one, index) => (
        <Catch key={String(index)}>
          <StoreProvider store={one}>
            <Waiting>
              <Names />
            </Waiting>
          </StoreProvider>
        </Catch>
      )),
    )
    await act(async () => {
      release(new Error("no disk"))
      opening.reject(new Error("no store"))
    })
    await vi.waitFor(() => expect(screen.getByText("no disk")).toBeTruthy())
    await vi.waitFor(() => expect(screen.getByText("no store")).toBeTruthy())
    silent.mockRestore()
  })

  it("C3 draw what was hydrated at once", async () => {
    const server = openStore()
    await server.setMany("users", { alice: 1, bob: 2 })
    const state = await dehydrate(server, [["users", "alice"], ["users"]])
    const { store } = await held()
    const { container } = render(
      <StoreProvider store={store}>
        <HydrationBoundary state={state}>
          <Waiting>
            <Names />
          </Waiting>
        </HydrationBoundary>
      </StoreProvider>,
    )
    expect(container.textContent).toBe("1 of alice,bob")
  })

  it("C3 wait for what was hydrated too, where a later mount has it read anew", async () => {
    const { store, others, clock } = createTestStore({
      latency: 10,
      seed: { users: { alice: 1, bob: 2 } },
    })
    const state = await dehydrate(others, [["users", "alice"], ["users"]])
    const page = (shown: boolean) => (
      <StoreProvider store={store}>
        <HydrationBoundary state={state}>
          <Waiting>{shown && <Names />}</Waiting>
        </HydrationBoundary>
      </StoreProvider>
    )
    const { container, rerender } = render(page(true))
    await act(() => clock.pass(10))
    await act(async () => void others.set("users", "alice", 3))
    await act(() => clock.pass(10))
    expect(container.textContent).toBe("3 of alice,bob")
    rerender(page(false))
    await act(() => clock.pass(5_000)) // Nobody follows them any more.
    rerender(page(true))
    expect(container.textContent).toBe("waiting")
    await act(() => clock.pass(10))
    await act(() => clock.pass(10))
    expect(container.textContent).toBe("3 of alice,bob")
  })

  it("C3 read again for who tries again after a failure, once that is a while ago", async () => {
    const silent = vi.spyOn(console, "error").mockImplementation(() => {})
    const { store, clock, fail } = createTestStore({ latency: 10, seed: { users: { alice: 1 } } })
    fail("io", { on: "read", kind: "users" })
    const page = (attempt: number) => (
      <Catch key={attempt}>
        <StoreProvider store={store}>
          <Waiting>
            <Alice />
          </Waiting>
        </StoreProvider>
      </Catch>
    )
    const { container, rerender } = render(page(1))
    await act(() => clock.pass(10))
    expect(container.textContent).toContain("I/O error")
    await act(() => clock.pass(2_000))
    rerender(page(2))
    expect(container.textContent).toBe("waiting")
    await act(() => clock.pass(10))
    expect(container.textContent).toBe("1")
    silent.mockRestore()
  })

  it("C3 in a transition to another key keep what is shown until that has been read", async () => {
    const server = openStore()
    await server.setMany("users", { alice: 1, bob: 2 })
    const state = await dehydrate(server, [["users", "alice"]])
    const { store, release } = await openFollower(server, { at: server.position, held: true })
    const { container } = render(
      <StoreProvider store={store}>
        <HydrationBoundary state={state}>
          <Waiting>
            <Turning />
          </Waiting>
        </HydrationBoundary>
      </StoreProvider>,
    )
    expect(container.textContent).toBe("alice: 1")
    await act(async () => fireEvent.click(screen.getByRole("button")))
    expect(container.textContent).toBe("alice: 1")
    await act(async () => release())
    await vi.waitFor(() => expect(container.textContent).toBe("bob: 2"))
  })

  it("C3 leave a provider whose hooks do not wait alone", async () => {
    const opening = Promise.withResolvers<Store>()
    const { container } = render(
      <StoreProvider store={opening.promise}>
        <Name />
      </StoreProvider>,
    )
    expect(container.textContent).toBe("initial")
    const store = openStore()
    await store.set("users", "alice", 1)
    await act(async () => opening.resolve(store))
    expect(container.textContent).toBe("1")
  })

  it("C3 on a server without a store leave their boundary to the client", () => {
    const html = renderToString(
      <StoreProvider store={undefined}>
        <Waiting>
          <Names />
        </Waiting>
      </StoreProvider>,
    )
    expect(html).toContain("waiting")
  })
})
