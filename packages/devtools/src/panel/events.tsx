import type { Change } from "@tidemark/core"
import type { VNode } from "preact"
import { useMemo, useRef, useState } from "preact/hooks"
import { eventRows, filterEvents } from "../event-rows.ts"
import type { Inspector } from "../inspector.ts"
import { EventBar } from "./event-bar.tsx"
import { EventList } from "./event-list.tsx"
import { Empty } from "./notice.tsx"
import { type Go, type PanelState, toEntry } from "./panel-state.ts"
import { useLive } from "./use-live.ts"

/** Scrolled further than this, one reads; what comes then waits, so that the rows stay where they are. */
const READING = 8

/** The changes of the store as they happen. */
export function Events({
  inspector,
  state,
  go,
}: {
  readonly inspector: Inspector
  readonly state: PanelState
  readonly go: Go
}): VNode {
  const { filter, paused } = state
  const log = useLive(inspector.log)
  const [reading, setReading] = useState(false)
  const [returns, setReturns] = useState(0)
  const [openings, setOpenings] = useState<ReadonlyMap<number, boolean>>(new Map())
  const held = useHeld(log, paused || reading)
  const shown = useMemo(() => filterEvents(held, filter), [held, filter])
  const rows = useMemo(() => eventRows(shown, openings), [shown, openings])
  const waiting = useMemo(() => filterEvents(newer(log, held), filter).length, [log, held, filter])
  const kinds = useMemo(() => [...new Set(log.map((change) => change.kind))].sort(), [log])
  const showNewest = () => {
    setReading(false)
    setReturns(returns + 1)
    go({ paused: false })
  }
  const clear = () => {
    inspector.log.clear()
    showNewest()
  }
  return (
    <div class="events">
      <EventBar
        filter={filter}
        kinds={kinds}
        shown={shown.length}
        paused={paused}
        onFilter={(to) => go({ filter: to })}
        onPaused={(to) => go({ paused: to })}
        onClear={clear}
      />
      {waiting > 0 && (
        <button type="button" class="waiting-pill" onClick={showNewest}>
          {waiting} newer
        </button>
      )}
      {rows.length === 0 ? (
        <Empty title={held.length === 0 ? "No changes yet" : "No change fits the filter"}>
          {held.length === 0 && "Each committed change appears here as it happens."}
        </Empty>
      ) : (
        <EventList
          key={returns}
          rows={rows}
          onBatch={(batch, open) => setOpenings((before) => new Map(before).set(batch, open))}
          onChange={({ kind, key }) => go(toEntry({ kind, key }))}
          onScroll={(top) => setReading(top > READING)}
        />
      )}
    </div>
  )
}

/** The log, or, while it is held, the log as it was when that began. */
function useHeld(log: readonly Change[], hold: boolean): readonly Change[] {
  const held = useRef(log)
  if (!hold) held.current = log
  return held.current
}

/** What has come since a log was looked at. */
function newer(log: readonly Change[], seen: readonly Change[]): readonly Change[] {
  if (log === seen) return []
  const last = seen.at(-1)
  return last === undefined ? log : log.slice(log.lastIndexOf(last) + 1)
}
