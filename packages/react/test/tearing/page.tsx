import { memo, startTransition, useDeferredValue, useState } from "react"
import { createRoot } from "react-dom/client"
import type { Subject } from "./subjects.tsx"

/** Whether the slow parts of the page read the state themselves, or are given a deferred value. */
export type Mode = "transition" | "deferred"

/** What was on the screen after one commit. */
export interface Screen {
  /** What the page shows of the state. */
  readonly now: string
  /** What the slow parts show of it. */
  readonly slow: readonly string[]
  readonly urgent: string
}

export interface Page {
  /** What was on the screen, commit by commit. */
  readonly screens: readonly Screen[]
  show(): void
  /** Clicks, which makes what is done urgent; without anything, the page changes what it alone has. */
  click(action?: () => void): void
  /** Resolves in the middle of a render of the slow parts, or at its end, if it has none. */
  middle(): Promise<void>
  /** Resolves when React has nothing more to do. */
  rest(): Promise<void>
  close(): void
}

/** So long does a slow part take, in milliseconds: React works for 25 without a pause. */
const SLOW = 26
const parts = ["a", "b"]

let renders = 0
/** The first render of a page is nothing that anybody looks at. */
let isOpen = false
let show: () => void
let hurry: () => void
let clicked: () => void

/** Renders a page whose slow parts take several turns of the event loop. */
export async function openPage(subject: Subject, mode: Mode, isShown: boolean): Promise<Page> {
  await subject.begin()
  isOpen = false
  const container = document.createElement("main")
  document.body.append(container)
  const root = createRoot(container)
  const screens: Screen[] = []
  const observer = new MutationObserver(() => screens.push(screenOf(container)))
  observer.observe(container, { subtree: true, childList: true, characterData: true })
  root.render(
    <subject.Provider>
      <Content subject={subject} mode={mode} isShown={isShown} />
    </subject.Provider>,
  )
  const page: Page = {
    screens,
    show: () => show(),
    click(action = hurry) {
      clicked = action
      container.querySelector("button")?.click()
    },
    async middle() {
      const before = renders
      while (renders === before) await turn()
    },
    async rest() {
      for (let quiet = 0, seen = renders; quiet < 10; quiet++) {
        await turn()
        if (renders !== seen) quiet = 0
        seen = renders
      }
    },
    close() {
      root.unmount()
      container.remove()
      observer.disconnect()
    },
  }
  await page.middle()
  await page.rest()
  screens.length = 0
  isOpen = true
  return page
}

interface ContentProps {
  readonly subject: Subject
  readonly mode: Mode
  readonly isShown: boolean
}

function Content({ subject, mode, isShown }: ContentProps) {
  const [shown, setShown] = useState(isShown)
  const [urgent, setUrgent] = useState(0)
  const count = subject.useCount()
  const deferred = useDeferredValue(count)
  renders++
  show = () => startTransition(() => setShown(true))
  hurry = () => setUrgent((before) => before + 1)
  return (
    <>
      <b>{count}</b>
      <i>{urgent}</i>
      <button type="button" onClick={() => clicked()}>
        click
      </button>
      {shown &&
        parts.map((part) =>
          mode === "deferred" ? (
            <Given key={part} count={deferred} />
          ) : (
            <Reading key={part} subject={subject} />
          ),
        )}
    </>
  )
}

const Given = memo(function Given({ count }: { count: number }) {
  return beSlow(count)
})

const Reading = memo(function Reading({ subject }: { subject: Subject }) {
  return beSlow(subject.useCount())
})

function beSlow(count: number) {
  renders++
  const end = performance.now() + SLOW
  while (isOpen && performance.now() < end);
  return <span>{count}</span>
}

function screenOf(container: Element): Screen {
  const texts = (name: string) =>
    [...container.querySelectorAll(name)].map(({ textContent }) => textContent ?? "")
  return { now: texts("b").join(), slow: texts("span"), urgent: texts("i").join() }
}

/** A turn of the event loop, in the same queue as React's work. */
function turn(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    resolve()
  }
  port2.postMessage(undefined)
  return promise
}
