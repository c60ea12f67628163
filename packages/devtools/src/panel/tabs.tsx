import type { ComponentChildren, VNode } from "preact"
import { useRef } from "preact/hooks"
import { TABS, type Tab } from "../preferences.ts"

const TITLES: Record<Tab, string> = { entries: "Entries", versions: "Versions", events: "Events" }

/** The row of tabs: one stop of the Tab key; arrows, Home and End go from one to another. */
export function TabList({
  tab,
  id,
  onTab,
}: {
  readonly tab: Tab
  readonly id: string
  readonly onTab: (tab: Tab) => void
}): VNode {
  const list = useRef<HTMLDivElement>(null)
  const keyDown = (event: KeyboardEvent) => {
    const to = nextTab(tab, event.key)
    if (to === undefined) return
    event.preventDefault()
    onTab(to)
    list.current?.querySelector<HTMLElement>(`[data-tab=${to}]`)?.focus()
  }
  return (
    <div
      class="tabs"
      role="tablist"
      aria-label="Views of the store"
      tabIndex={-1}
      ref={list}
      onKeyDown={keyDown}
    >
      {TABS.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`${id}-${name}`}
          class="tab"
          data-tab={name}
          data-first-focus={name === tab ? "" : undefined}
          aria-selected={name === tab}
          aria-controls={`${id}-panel`}
          tabIndex={name === tab ? 0 : -1}
          onClick={() => onTab(name)}
        >
          {TITLES[name]}
        </button>
      ))}
    </div>
  )
}

/** What a tab shows. */
export function TabPanel({
  tab,
  id,
  children,
}: {
  readonly tab: Tab
  readonly id: string
  readonly children: ComponentChildren
}): VNode {
  return (
    <div class="tab-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`}>
      {children}
    </div>
  )
}

function nextTab(tab: Tab, key: string): Tab | undefined {
  const index = TABS.indexOf(tab)
  if (key === "ArrowRight") return TABS[(index + 1) % TABS.length]
  if (key === "ArrowLeft") return TABS.at(index - 1)
  if (key === "Home") return TABS[0]
  return key === "End" ? TABS.at(-1) : undefined
}
