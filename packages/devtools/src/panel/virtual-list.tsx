import type { ComponentChildren, VNode } from "preact"
import { useEffect, useId, useRef } from "preact/hooks"
import { listKey } from "../list-key.ts"
import { useVirtual } from "./use-virtual.ts"

/** What is told about a line of a tree. */
export interface TreeFacts {
  readonly level: number
  /** `undefined` for a line with nothing under it. */
  readonly expanded: boolean | undefined
}

export interface VirtualListProps {
  readonly label: string
  readonly role: "listbox" | "tree"
  readonly count: number
  /** About how high a row is, in pixels; drawn rows are measured. */
  readonly rowHeight: number
  /** What a row is known by; the same function while the rows are the same. Default: its index. */
  readonly rowKey?: (index: number) => string | number
  readonly row: (index: number) => ComponentChildren
  readonly treeFacts?: (index: number) => TreeFacts
  /** The row that arrow keys move from; -1 for none. */
  readonly active: number
  readonly onActive: (index: number) => void
  /** Enter, Space, or a click. */
  readonly onPress?: (index: number) => void
  /** The left or right arrow key, in a tree. */
  readonly onSide?: (index: number, side: "left" | "right") => void
  /** Which rows are on screen. */
  readonly onShow?: (first: number, last: number) => void
  /** How far it is scrolled, in pixels. */
  readonly onScroll?: (top: number) => void
}

/** A list of any length, of which only the rows on screen are drawn. One stop of the Tab key; arrows move in it. */
export function VirtualList(props: VirtualListProps): VNode {
  const { label, role, count, active, rowHeight, rowKey, onShow } = props
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const rows = useVirtual(scroller, {
    count,
    estimateSize: () => rowHeight,
    ...(rowKey === undefined ? {} : { getItemKey: rowKey }),
  })
  const drawn = rows.getVirtualItems()
  const first = drawn[0]?.index ?? 0
  const last = drawn.at(-1)?.index ?? 0
  useEffect(() => onShow?.(first, last), [onShow, first, last])

  const press = (index: number) => {
    props.onActive(index)
    props.onPress?.(index)
  }
  const keyDown = (event: KeyboardEvent) => {
    const act = listKey(event, { active, count, page: Math.max(1, last - first - 12) })
    if (act === undefined) return
    if (act.type === "side" && props.onSide === undefined) return
    event.preventDefault()
    if (act.type === "press") props.onPress?.(active)
    else if (act.type === "side") props.onSide?.(active, act.side)
    else {
      props.onActive(act.to)
      rows.scrollToIndex(act.to, { align: "auto" })
    }
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its role, a list's or a tree's, comes from outside
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles have these
    <div
      class="list"
      ref={scroller}
      role={role}
      aria-label={label}
      aria-activedescendant={active >= first && active <= last ? `${id}-${active}` : undefined}
      tabIndex={0}
      onKeyDown={keyDown}
      onScroll={(event) => props.onScroll?.(event.currentTarget.scrollTop)}
    >
      <div class="rows" role="presentation" style={{ height: `${rows.getTotalSize()}px` }}>
        {drawn.map(({ index, key, start }) => {
          const facts = props.treeFacts?.(index)
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys for its rows
            // biome-ignore lint/a11y/noStaticElementInteractions: its role depends on the list's
            // biome-ignore lint/a11y/useAriaPropsSupportedByRole: what a role lacks is undefined
            <div
              key={key}
              id={`${id}-${index}`}
              class="row"
              ref={rows.measureElement}
              data-index={index}
              role={role === "listbox" ? "option" : "treeitem"}
              aria-selected={index === active}
              aria-level={facts?.level}
              aria-expanded={facts?.expanded}
              aria-setsize={role === "listbox" ? count : undefined}
              aria-posinset={role === "listbox" ? index + 1 : undefined}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => press(index)}
            >
              {props.row(index)}
            </div>
          )
        })}
      </div>
    </div>
  )
}
