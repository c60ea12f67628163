import type { VNode } from "preact"
import { useCallback, useMemo, useState } from "preact/hooks"
import {
  isLongText,
  type JsonRow,
  jsonRows,
  type Openings,
  parentRow,
  sizeOf,
} from "../json-rows.ts"
import { nameText } from "../text.ts"
import { Icon } from "./icon.tsx"
import { JsonValue } from "./json-value.tsx"
import { VirtualList } from "./virtual-list.tsx"

/** A JSON value of any size as a tree that opens and closes. */
export function JsonTree({
  value,
  label,
}: {
  readonly value: unknown
  readonly label: string
}): VNode {
  const [openings, setOpenings] = useState<Openings>(new Map())
  const [activePath, setActivePath] = useState<string>()
  const rows = useMemo(() => jsonRows(value, openings), [value, openings])
  const rowKey = useCallback((index: number) => rows[index]?.path ?? index, [rows])
  const active = activePath === undefined ? -1 : rows.findIndex((row) => row.path === activePath)
  const at = (index: number) => rows[index] as JsonRow
  const open = (row: JsonRow, wanted: boolean) =>
    setOpenings((before) => new Map(before).set(row.path, wanted))
  const activate = (index: number) => setActivePath(rows[index]?.path)
  return (
    <VirtualList
      label={label}
      role="tree"
      count={rows.length}
      rowHeight={22}
      rowKey={rowKey}
      active={active}
      onActive={activate}
      onPress={(index) => at(index).expandable && open(at(index), !at(index).open)}
      onSide={(index, side) => {
        const row = at(index)
        if (row.expandable && row.open === (side === "left")) open(row, side === "right")
        else
          activate(
            side === "left"
              ? Math.max(0, parentRow(rows, index))
              : Math.min(index + 1, rows.length - 1),
          )
      }}
      treeFacts={(index) => ({
        level: at(index).depth + 1,
        expanded: at(index).expandable ? at(index).open : undefined,
      })}
      row={(index) => <JsonLine row={at(index)} />}
    />
  )
}

function JsonLine({ row }: { readonly row: JsonRow }): VNode {
  const { name, depth, value, expandable, open } = row
  const size = sizeOf(value)
  return (
    <div class="json-line" style={{ paddingInlineStart: `${depth * 14}px` }}>
      <span class="twist" data-open={open}>
        {expandable && <Icon name="chevron" />}
      </span>
      <span class="json">
        {name !== undefined && (
          <>
            <span class={typeof name === "number" ? "index" : "name"}>
              {nameText(String(name))}
            </span>
            <span class="mark">: </span>
          </>
        )}
        {open && size > 0 ? (
          <span class="size">{sizeText(value, size)}</span>
        ) : (
          <JsonValue value={value} whole={open} />
        )}
        {!open && size > 0 && <span class="size"> {sizeText(value, size)}</span>}
        {isLongText(value) && <span class="size"> {value.length} characters</span>}
      </span>
    </div>
  )
}

function sizeText(value: unknown, size: number): string {
  const unit = Array.isArray(value) ? "item" : "field"
  return `${size} ${unit}${size === 1 ? "" : "s"}`
}
