import { act, render } from "@testing-library/react"
import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { useKey, useKind, useSet, useWatch } from "@tidemark/react"
import { Activity, memo, startTransition, useLayoutEffect, useState } from "react"
import { expect, it, onTestFinished, vi } from "vitest"
import { within } from "./within.tsx"

// Activity came with React 19.2: these do not run with React 18.

/** What was on the screen after each commit of what is visible. */
let screens: (string | null)[] = []

function Counts() {
  const one = useKey("counts", "one")
  const [first] = useKind("counts")
  useLayoutEffect(() => {
    screens.push(document.body.textContent)
  })
  return `${String(one)} ${String(first?.value)}`
}

function Draft() {
  const text = useKey("drafts", "one", { initial: "" })
  const setDraft = useSet("drafts")
  return (
    <input value={String(text)} onChange={({ target }) => void setDraft("one", target.value)} />
  )
}

let heard: string[] = []

function Orders() {
  useWatch("orders", ({ key }) => void heard.push(key), { from: 0 })
  return null
}

function Page({ shown, of: Content }: { shown: boolean; of: () => React.ReactNode }) {
  return (
    <Activity mode={shown ? "visible" : "hidden"}>
      <Content />
    </Activity>
  )
}

async function renderCounts(store: Store, shown: boolean) {
  await store.set("counts", "one", 0)
  screens = []
  const page = render(<Page shown={shown} of={Counts} />, within(store))
  return (next: boolean) => act(async () => page.rerender(<Page shown={next} of={Counts} />))
}

it("C3 what changed while an Activity was hidden shows when it comes back, and never half of it", async () => {
  const store = openStore()
  const show = await renderCounts(store, true)
  await show(false)
  screens = []
  await act(() => store.set("counts", "one", 1))
  await act(() => store.set("counts", "one", 2))
  await show(true)
  expect(screens.at(-1)).toBe("2 2")
  expect(["0 0", "2 2"]).toEqual(expect.arrayContaining(screens))
  await act(() => store.set("counts", "one", 3))
  expect(screens.at(-1)).toBe("3 3")
})

it("C3 what an Activity has prepared before it is shown is what the store says when it is", async () => {
  const store = openStore()
  const show = await renderCounts(store, false)
  await act(() => store.set("counts", "one", 1))
  await show(true)
  expect(screens.at(-1)).toBe("1 1")
  expect(["0 0", "1 1"]).toEqual(expect.arrayContaining(screens))
})

const Kept = memo(Counts)

/** What a browser could paint: the screen at the end of the task of each commit that reveals. */
let painted: (string | null)[] = []

function Revealing({ steps }: { steps: { show(next: boolean): void } }) {
  const [shown, setShown] = useState(true)
  steps.show = (next) => startTransition(() => setShown(next))
  useLayoutEffect(() => {
    if (shown) queueMicrotask(() => painted.push(document.body.textContent))
  }, [shown])
  return (
    <Activity mode={shown ? "visible" : "hidden"}>
      <Kept />
    </Activity>
  )
}

it("C3 an Activity that comes back never paints what its hooks showed before", async () => {
  const store = openStore()
  await store.set("counts", "one", 0)
  const steps = { show(_: boolean) {} }
  render(<Revealing steps={steps} />, within(store))
  // As a browser has it: `act` would run all effects at once.
  const environment = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
  environment.IS_REACT_ACT_ENVIRONMENT = false
  onTestFinished(() => {
    environment.IS_REACT_ACT_ENVIRONMENT = true
  })
  steps.show(false)
  await vi.waitFor(() => expect(document.body.textContent).toBe(""))
  await store.set("counts", "one", 1)
  painted = []
  steps.show(true)
  await vi.waitFor(() => expect(painted.length).toBeGreaterThan(0))
  expect(painted).toEqual(["1 1"])
})

it("C3 a bound input in an Activity comes back with what was written meanwhile", async () => {
  const store = openStore()
  await store.set("drafts", "one", "before")
  const page = render(<Page shown of={Draft} />, within(store))
  page.rerender(<Page shown={false} of={Draft} />)
  await act(() => store.set("drafts", "one", "meanwhile"))
  page.rerender(<Page shown of={Draft} />)
  expect(page.container.querySelector("input")?.value).toBe("meanwhile")
})

it("C3 a watch from a position hears every change once, also those made while it was hidden", async () => {
  const store = openStore()
  await store.set("orders", "1", "before")
  heard = []
  const page = render(<Page shown of={Orders} />, within(store))
  await vi.waitFor(() => expect(heard).toEqual(["1"]))
  await act(() => store.set("orders", "2", "shown"))
  page.rerender(<Page shown={false} of={Orders} />)
  await act(() => store.set("orders", "3", "hidden"))
  expect(heard).toEqual(["1", "2"])
  page.rerender(<Page shown of={Orders} />)
  await act(() => store.set("orders", "4", "shown again"))
  await vi.waitFor(() => expect(heard).toEqual(["1", "2", "3", "4"]))
})
