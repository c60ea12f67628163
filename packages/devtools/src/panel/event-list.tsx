import type { Change } from "@tidemark/core"
import type { VNode } from "preact"
import { useCallback, useState } from "preact/hooks"
import type { EventRow } from "../event-rows.ts"
import { BatchLine, EventLine } from "./event-line.tsx"
import { VirtualList } from "./virtual-list.tsx"

/** The lines of the log: a batch opens and closes, a change leads to its entry. */
export function EventList({
  rows,
  onBatch,
  onChange,
  onScroll,
}: {
  readonly rows: readonly EventRow[]
  readonly onBatch: (batch: number, open: boolean) => void
  readonly onChange: (change: Change) => void
  readonly onScroll: (top: number) => void
}): VNode {
  const [activeKey, setActiveKey] = useState<string>()
  const at = (index: number) => rows[index] as EventRow
  const rowKey = useCallback((index: number) => keyOf(rows[index] as EventRow), [rows])
  const active = activeKey === undefined ? -1 : rows.findIndex((row) => keyOf(row) === activeKey)
  return (
    <VirtualList
      label="Changes, newest first"
      role="tree"
      count={rows.length}
      rowHeight={28}
      rowKey={rowKey}
      active={active}
      onActive={(index) => setActiveKey(keyOf(at(index)))}
      onPress={(index) => {
        const row = at(index)
        if (row.type === "batch") onBatch(row.batch, !row.open)
        else onChange(row.change)
      }}
      onSide={(index, side) => {
        const row = at(index)
        if (row.type === "batch") onBatch(row.batch, side === "right")
      }}
      onScroll={onScroll}
      treeFacts={(index) => {
        const row = at(index)
        if (row.type === "batch") return { level: 1, expanded: row.open }
        return { level: row.inBatch ? 2 : 1, expanded: undefined }
      }}
      row={(index) => {
        const row = at(index)
        return row.type === "batch" ? <BatchLine row={row} /> : <EventLine row={row} />
      }}
    />
  )
}

/** A batch has the seq of its first change. */
function keyOf(row: EventRow): string {
  return row.type === "batch" ? `batch ${row.batch}` : `change ${row.change.seq}`
}
