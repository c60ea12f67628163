import type { Change } from "@tidemark/core"
import type { VNode } from "preact"
import { useCallback } from "preact/hooks"
import { dateText, isoText, nameText, numberText } from "../text.ts"
import { TypeMark } from "./type-mark.tsx"
import { VirtualList } from "./virtual-list.tsx"

/** The versions of an entry, newest first. */
export function VersionList({
  changes,
  shown,
  onShow,
}: {
  readonly changes: readonly Change[]
  readonly shown: Change
  readonly onShow: (change: Change) => void
}): VNode {
  const at = (index: number) => changes[index] as Change
  const rowKey = useCallback((index: number) => changes[index]?.seq ?? index, [changes])
  return (
    <VirtualList
      label="Versions"
      role="listbox"
      count={changes.length}
      rowHeight={48}
      rowKey={rowKey}
      active={changes.indexOf(shown)}
      onActive={(index) => onShow(at(index))}
      row={(index) => <VersionRow change={at(index)} />}
    />
  )
}

function VersionRow({ change }: { readonly change: Change }): VNode {
  const { version, type, at, origin, cause, seq } = change
  return (
    <div class="version-row">
      <span class="version">v{version}</span>
      <TypeMark type={type} />
      <time title={isoText(at)}>{dateText(at)}</time>
      <span class="soft">
        seq {numberText(seq)} · {nameText(cause)}
        {origin !== undefined && ` · by ${nameText(origin)}`}
      </span>
    </div>
  )
}
