import type { VNode } from "preact"
import { useEffect, useRef, useState } from "preact/hooks"
import type { DevtoolsOptions } from "../devtools.ts"
import type { Inspector } from "../inspector.ts"
import { type Preferences, readPreferences, writePreferences } from "../preferences.ts"
import { Launcher } from "./launcher.tsx"
import { Panel } from "./panel.tsx"
import { ResizeHandle } from "./resize-handle.tsx"

const shelf = () => localStorage

/** The panel in its place: docked and opened by a button, or inline. Remembers how it was left. */
export function Shell({
  inspector,
  options,
}: {
  readonly inspector: Inspector
  readonly options: Required<DevtoolsOptions>
}): VNode {
  const { mode, position, theme, storageKey } = options
  const [preferences, setPreferences] = useState(() =>
    readPreferences(shelf, storageKey, {
      open: options.open,
      tab: "entries",
      height: firstHeight(),
    }),
  )
  const change = (part: Partial<Preferences>) =>
    setPreferences((before) => {
      const after = { ...before, ...part }
      writePreferences(shelf, storageKey, after)
      return after
    })
  const root = useRef<HTMLElement>(null)
  const [turns, setTurns] = useState(0)
  const turn = (open: boolean) => {
    setTurns(turns + 1)
    change({ open })
  }
  const { open, height, tab } = preferences
  // Focus follows a person who opens or closes the panel, and stays when it opens by itself.
  useEffect(() => {
    if (turns > 0) root.current?.querySelector<HTMLElement>("[data-first-focus]")?.focus()
  }, [turns])
  const panel = { inspector, tab, onTab: (to: Preferences["tab"]) => change({ tab: to }) }

  if (mode === "inline") {
    return (
      <section class="devtools inline" data-theme={theme} aria-label="Tidemark devtools">
        <Panel {...panel} onClose={undefined} />
      </section>
    )
  }
  if (!open) {
    return (
      <section class="devtools closed" data-theme={theme} ref={root} aria-label="Tidemark devtools">
        <Launcher inspector={inspector} position={position} onOpen={() => turn(true)} />
      </section>
    )
  }
  return (
    <section
      class="devtools docked"
      data-theme={theme}
      ref={root}
      aria-label="Tidemark devtools"
      style={{ height: `${height}px` }}
      onKeyDown={(event) => event.key === "Escape" && turn(false)}
    >
      <ResizeHandle height={height} onHeight={(to) => change({ height: to })} />
      <Panel {...panel} onClose={() => turn(false)} />
    </section>
  )
}

/** Below this width things stand one under the other, which takes height. */
const NARROW = 720

function firstHeight(): number {
  return window.innerWidth < NARROW ? Math.round(window.innerHeight * 0.7) : 400
}
