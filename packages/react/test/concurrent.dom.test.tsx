import { act, render } from "@testing-library/react"
import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { useKey, useKind } from "@tidemark/react"
import {
  type ComponentType,
  lazy,
  Suspense,
  startTransition,
  useDeferredValue,
  useLayoutEffect,
  useState,
} from "react"
import { describe, expect, it } from "vitest"
import { within } from "./within.tsx"

/** What was on the screen after each commit. */
let screens: (string | null)[] = []

function useScreens() {
  useLayoutEffect(() => {
    screens.push(document.body.textContent)
  })
}

function Count() {
  useScreens()
  return <b>{String(useKey("counts", "one"))}</b>
}

function First() {
  useScreens()
  return <b>{String(useKind("counts")[0]?.value)}</b>
}

interface Steps {
  /** Starts the transition to the second page. */
  go: () => void
  /** The part of the second page that is waited for in the middle of its render. */
  readonly Arriving: ComponentType
}

function stepsWith(arrival: () => Promise<unknown>): Steps {
  return { go() {}, Arriving: lazy(() => arrival().then(() => ({ default: Count }))) }
}

function Pages({ steps }: { steps: Steps }) {
  const [page, setPage] = useState(1)
  steps.go = () => startTransition(() => setPage(2))
  return (
    <Suspense>
      {page}: <Count />
      {page === 2 && <steps.Arriving />}
      <First />
    </Suspense>
  )
}

function Deferred() {
  const now = useKey("counts", "one")
  const later = useDeferredValue(now)
  screens.push(`${now} ${later}`)
  return null
}

async function openCounts(): Promise<Store> {
  const store = openStore()
  await store.set("counts", "one", 0)
  screens = []
  return store
}

describe("concurrent rendering", () => {
  it("C3 a change during a transition shows at once in the old screen and whole in the new one", async () => {
    const store = await openCounts()
    const { promise, resolve } = Promise.withResolvers<void>()
    const steps = stepsWith(() => promise)
    const { container } = render(<Pages steps={steps} />, within(store))
    expect(container.textContent).toBe("1: 00")
    await act(async () => steps.go())
    expect(container.textContent).toBe("1: 00")
    await act(() => store.set("counts", "one", 1))
    expect(container.textContent).toBe("1: 11")
    await act(async () => resolve())
    expect(container.textContent).toBe("2: 111")
  })

  it("C3 a change in the middle of a concurrent render never shows two values of one key", async () => {
    const store = await openCounts()
    const steps = stepsWith(async () => {
      await Promise.resolve()
      await store.set("counts", "one", 1)
    })
    const { container } = render(<Pages steps={steps} />, within(store))
    await act(async () => steps.go())
    expect(container.textContent).toBe("2: 111")
    expect(new Set(screens)).toEqual(new Set(["1: 00", "1: 11", "2: 111"]))
  })

  it("C3 a deferred value follows", async () => {
    const store = await openCounts()
    render(<Deferred />, within(store))
    await act(() => store.set("counts", "one", 1))
    expect(screens).toContain("1 0")
    expect(screens.at(-1)).toBe("1 1")
  })
})
