import type { Change } from "@tidemark/core"
import type { VNode } from "preact"
import { useId, useState } from "preact/hooks"
import { CopyButton } from "./copy-button.tsx"
import { DifferenceList } from "./difference-list.tsx"
import { JsonTree } from "./json-tree.tsx"
import { Notice } from "./notice.tsx"

/** A version: what it changed against any other one, or its whole value. */
export function VersionDetail({
  changes,
  shown,
}: {
  readonly changes: readonly Change[]
  readonly shown: Change
}): VNode {
  const [view, setView] = useState<"changes" | "value">("changes")
  const [chosen, setChosen] = useState<number>()
  const menu = useId()
  const others = changes.filter((change) => change !== shown)
  const before = changes[changes.indexOf(shown) + 1]
  const base = others.find((change) => change.seq === chosen) ?? before
  return (
    <div class="detail version-detail">
      <div class="toolbar">
        <fieldset class="segments" aria-label="What to show">
          <button
            type="button"
            aria-pressed={view === "changes"}
            onClick={() => setView("changes")}
          >
            Changes
          </button>
          <button type="button" aria-pressed={view === "value"} onClick={() => setView("value")}>
            Value
          </button>
        </fieldset>
        {view === "changes" && others.length > 0 && (
          <div class="compare">
            <label for={menu}>v{shown.version} against</label>
            <select
              id={menu}
              value={base?.seq ?? ""}
              onChange={(event) => setChosen(Number(event.currentTarget.value))}
            >
              {base === undefined && <option value="">nothing</option>}
              {others.map((change) => (
                <option key={change.seq} value={change.seq}>
                  v{change.version} · {change.type}
                  {change === before ? " · the one before" : ""}
                </option>
              ))}
            </select>
          </div>
        )}
        {view === "value" && <CopyButton text={() => JSON.stringify(shown.value, null, 2)} />}
      </div>
      {view === "changes" ? (
        <DifferenceList before={stateAfter(base)} after={stateAfter(shown)} />
      ) : (
        <>
          {shown.type === "delete" && (
            <Notice>Deleted in this version. This is what was deleted.</Notice>
          )}
          <JsonTree
            key={shown.seq}
            value={shown.value}
            label={`Value of version ${shown.version}`}
          />
        </>
      )}
    </div>
  )
}

/** What an entry is after a change: nothing, after a delete. */
function stateAfter(change: Change | undefined): unknown {
  return change?.type === "delete" ? undefined : change?.value
}
