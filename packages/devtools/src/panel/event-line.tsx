import type { VNode } from "preact"
import { changeText } from "../change-text.ts"
import type { EventRow } from "../event-rows.ts"
import { isoText, nameText, numberText, timeText } from "../text.ts"
import { Icon } from "./icon.tsx"
import { TypeMark } from "./type-mark.tsx"

/** One change. */
export function EventLine({ row }: { readonly row: Extract<EventRow, { type: "change" }> }): VNode {
  const { seq, type, kind, key, version, at, cause, origin } = row.change
  return (
    <div class="event-line" data-in-batch={row.inBatch}>
      <time title={isoText(at)}>{timeText(at)}</time>
      <TypeMark type={type} />
      <span class="name">
        <span class="of">{nameText(kind)}/</span>
        {nameText(key)}
      </span>
      <span class="version">v{version}</span>
      <span class="preview">{changeText(row.change)}</span>
      <span class="soft why">
        {cause !== "write" && nameText(cause)}
        {cause !== "write" && origin !== undefined && " · "}
        {origin !== undefined && nameText(origin)}
      </span>
      <span class="soft seq">{numberText(seq)}</span>
    </div>
  )
}

/** The line over the changes of a batch. */
export function BatchLine({ row }: { readonly row: Extract<EventRow, { type: "batch" }> }): VNode {
  const { changes, batch, open } = row
  const first = changes[0]
  const at = first?.at ?? 0
  const kinds = [...new Set(changes.map((change) => change.kind))].map(nameText)
  return (
    <div class="event-line batch-line">
      <time title={isoText(at)}>{timeText(at)}</time>
      <span class="twist" data-open={open}>
        <Icon name="chevron" />
      </span>
      <span class="name">Batch of {numberText(changes.length)}</span>
      <span class="preview">{kinds.join(", ")}</span>
      <span class="soft why">{first?.origin !== undefined && nameText(first.origin)}</span>
      <span class="soft seq">from {numberText(batch)}</span>
    </div>
  )
}
