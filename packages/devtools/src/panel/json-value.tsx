import type { VNode } from "preact"
import { SHOWN_TEXT } from "../json-rows.ts"
import { previewText } from "../text.ts"

/** How much of a list or object is shown on its closed line. */
const SHOWN_PREVIEW = 120

/** A JSON value on one line, coloured by its type. A `whole` text is not cut. */
export function JsonValue({
  value,
  whole,
}: {
  readonly value: unknown
  readonly whole: boolean
}): VNode {
  if (typeof value === "string") {
    const text = whole ? JSON.stringify(value) : previewText(value, SHOWN_TEXT)
    return <span class="string">{text}</span>
  }
  if (typeof value === "object" && value !== null) {
    return <span class="preview">{previewText(value, SHOWN_PREVIEW)}</span>
  }
  return <span class={value === null ? "null" : typeof value}>{String(value)}</span>
}
