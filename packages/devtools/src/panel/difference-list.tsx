import type { VNode } from "preact"
import { useMemo } from "preact/hooks"
import { type Difference, differences, textParts } from "../differences.ts"
import { Empty } from "./notice.tsx"

/** So many differences are drawn until one asks for all. */
const SHOWN = 200

/** So much of one value is drawn. */
const SHOWN_VALUE = 4_000

/** A text up to this length stands on one line with the one that takes its place. */
const SHORT = 40

/** Where two values differ, from top to bottom. */
export function DifferenceList({
  before,
  after,
}: {
  readonly before: unknown
  readonly after: unknown
}): VNode {
  const found = useMemo(() => differences(before, after), [before, after])
  if (found.length === 0)
    return <Empty title="No difference">Both versions have the same value.</Empty>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must reach it
    <section class="differences" aria-label="Differences" tabIndex={0}>
      <p class="soft summary">{summary(found)}</p>
      <ul>
        {found.slice(0, SHOWN).map((difference) => (
          <DifferenceItem key={keyOf(difference)} difference={difference} />
        ))}
      </ul>
      {found.length > SHOWN && (
        <p class="soft summary">
          The first {SHOWN} of {found.length}; the whole values are under Value.
        </p>
      )}
    </section>
  )
}

function DifferenceItem({ difference }: { readonly difference: Difference }): VNode {
  const { type, path } = difference
  return (
    <li class="difference" data-type={type}>
      <span class="path">{path === "" ? "the whole value" : path}</span>
      <span class="soft">{type}</span>
      <Values {...difference} />
    </li>
  )
}

function Values({ type, path, before, after }: Difference): VNode {
  if (type === "moved") {
    return (
      <p class="short">
        {path}[{String(before)}] → {path}[{String(after)}]
      </p>
    )
  }
  const parts =
    typeof before === "string" && typeof after === "string" ? textParts(before, after) : undefined
  if (parts !== undefined) {
    return (
      <pre class="both">
        {parts.map(({ type: part, at, text }) =>
          part === "same" ? (
            <span key={at}>{text}</span>
          ) : part === "added" ? (
            <ins key={at}>{text}</ins>
          ) : (
            <del key={at}>{text}</del>
          ),
        )}
      </pre>
    )
  }
  if (type === "changed" && isShort(before) && isShort(after)) {
    return (
      <p class="short">
        <del>{valueText(before)}</del> → <ins>{valueText(after)}</ins>
      </p>
    )
  }
  return (
    <>
      {type !== "added" && (
        <pre class="before">
          <del>{valueText(before)}</del>
        </pre>
      )}
      {type !== "removed" && (
        <pre class="after">
          <ins>{valueText(after)}</ins>
        </pre>
      )}
    </>
  )
}

/** Of one list, several items may have moved. */
function keyOf({ type, path, before }: Difference): string {
  return `${type} ${path} ${type === "moved" ? String(before) : ""}`
}

function isShort(value: unknown): boolean {
  return typeof value === "string"
    ? value.length <= SHORT
    : typeof value !== "object" || value === null
}

function valueText(value: unknown): string {
  const text = JSON.stringify(value, null, 2)
  return text.length > SHOWN_VALUE ? `${text.slice(0, SHOWN_VALUE)}…` : text
}

function summary(found: readonly Difference[]): string {
  const counts = new Map<Difference["type"], number>()
  for (const { type } of found) counts.set(type, (counts.get(type) ?? 0) + 1)
  return [...counts].map(([type, count]) => `${count} ${type}`).join(" · ")
}
