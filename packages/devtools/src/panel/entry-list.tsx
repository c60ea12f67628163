import type { Entry } from "@tidemark/core"
import type { VNode } from "preact"
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks"
import { EntryPages } from "../entry-pages.ts"
import type { Inspector } from "../inspector.ts"
import { nameText, numberText, previewText } from "../text.ts"
import { Empty, FailureNotice } from "./notice.tsx"
import { useLive } from "./use-live.ts"
import { useRunning } from "./use-running.ts"
import { VirtualList } from "./virtual-list.tsx"

/** The entries of a kind, of which only those on screen are read. */
export function EntryList({
  inspector,
  kind,
  prefix,
  chosen,
  onPrefix,
  onKey,
}: {
  readonly inspector: Inspector
  readonly kind: string
  readonly prefix: string
  readonly chosen: string | undefined
  readonly onPrefix: (prefix: string) => void
  readonly onKey: (key: string) => void
}): VNode {
  const pages = useMemo(() => new EntryPages(inspector, kind, prefix), [inspector, kind, prefix])
  const { total, failure } = useRunning(pages)
  const closed = useLive(inspector.closed)
  // Where one has gone to with the keys or the pointer: that entry may have to be read before it is chosen.
  const [goal, setGoal] = useState<number>()
  const show = useCallback((first: number, last: number) => pages.show(first, last), [pages])
  const reached = goal === undefined ? undefined : pages.at(goal)
  useEffect(() => {
    if (reached === undefined) return
    // A key pressed since has set another goal.
    setGoal((now) => (now === goal ? undefined : now))
    onKey(reached.key)
  }, [goal, reached, onKey])
  // Scrolled away, the chosen entry is not at hand; the keys go on from where it was.
  const place = useRef(-1)
  place.current = chosen === undefined ? -1 : (pages.indexOf(chosen) ?? place.current)
  return (
    <div class="entry-list">
      <div class="filter">
        <input
          type="search"
          aria-label="Filter by the beginning of the key"
          placeholder="Key begins with…"
          value={prefix}
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => {
            setGoal(undefined)
            onPrefix(event.currentTarget.value)
          }}
        />
        <output class="count">{total === undefined ? "" : numberText(total)}</output>
      </div>
      {failure !== undefined && <FailureNotice failure={failure} />}
      {closed && total === undefined ? (
        <Empty title="Not read before the store closed" />
      ) : total === 0 && failure === undefined ? (
        <Empty title={prefix === "" ? "No entries" : "No key begins so"} />
      ) : (
        <VirtualList
          key={prefix}
          label={`Entries of ${nameText(kind)}`}
          role="listbox"
          count={total ?? 0}
          rowHeight={30}
          active={goal ?? place.current}
          onActive={setGoal}
          onShow={show}
          row={(index) => <EntryRow entry={pages.at(index)} />}
        />
      )}
    </div>
  )
}

function EntryRow({ entry }: { readonly entry: Entry | undefined }): VNode {
  if (entry === undefined) return <div class="entry-row waiting">Reading…</div>
  return (
    <div class="entry-row">
      <span class="text key">{nameText(entry.key)}</span>
      <span class="preview">{previewText(entry.value, 160)}</span>
      {entry.pending && <span class="pending">pending</span>}
      <span class="version">v{entry.version}</span>
    </div>
  )
}
