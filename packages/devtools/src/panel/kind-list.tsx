import type { VNode } from "preact"
import { useId } from "preact/hooks"
import type { KindCount } from "../kind-counts.ts"
import { nameText, numberText } from "../text.ts"
import { VirtualList } from "./virtual-list.tsx"

interface Shown {
  readonly kind: string
  readonly count: number | undefined
}

/** The kinds with their counts: a list, or, where there is little room, a menu. */
export function KindList({
  kinds,
  kind,
  onKind,
}: {
  /** `undefined` until they are read. */
  readonly kinds: readonly KindCount[] | undefined
  readonly kind: string
  readonly onKind: (kind: string) => void
}): VNode {
  const menu = useId()
  // A kind that was chosen stays in the list when its last entry has gone.
  const known = kinds ?? []
  const all: readonly Shown[] = known.some((one) => one.kind === kind)
    ? known
    : [...known, { kind, count: kinds && 0 }]
  return (
    <div class="kinds">
      <div class="as-list">
        <h2 class="heading">
          Kinds <span class="count">{countText(kinds?.length)}</span>
        </h2>
        <VirtualList
          label="Kinds"
          role="listbox"
          count={all.length}
          rowHeight={30}
          active={all.findIndex((one) => one.kind === kind)}
          onActive={(index) => onKind((all[index] as Shown).kind)}
          row={(index) => <KindRow one={all[index] as Shown} />}
        />
      </div>
      <div class="as-menu">
        <label for={menu}>Kind</label>
        <select id={menu} value={kind} onChange={(event) => onKind(event.currentTarget.value)}>
          {all.map((one) => (
            <option key={one.kind} value={one.kind}>
              {nameText(one.kind)} {one.count !== undefined && `(${countText(one.count)})`}
            </option>
          ))}
        </select>
      </div>
    </div>
  )
}

function KindRow({ one }: { readonly one: Shown }): VNode {
  return (
    <div class="kind-row">
      <span class="text">{nameText(one.kind)}</span>
      <span class="count">{countText(one.count)}</span>
    </div>
  )
}

function countText(count: number | undefined): string {
  return count === undefined ? "" : numberText(count)
}
