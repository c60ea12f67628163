import type { VNode } from "preact"
import { useEffect, useMemo, useRef, useState } from "preact/hooks"
import type { Inspector } from "../inspector.ts"
import { kindCounts } from "../kind-counts.ts"
import { EntryDetail } from "./entry-detail.tsx"
import { EntryList } from "./entry-list.tsx"
import { KindList } from "./kind-list.tsx"
import { Empty, FailureNotice } from "./notice.tsx"
import type { Go, PanelState } from "./panel-state.ts"
import { useLive } from "./use-live.ts"
import { useRunning } from "./use-running.ts"

/** Kinds, the entries of one, and one entry. */
export function Entries({
  inspector,
  state,
  go,
}: {
  readonly inspector: Inspector
  readonly state: PanelState
  readonly go: Go
}): VNode {
  const counts = useMemo(() => kindCounts(inspector), [inspector])
  const { value: kinds, failure } = useRunning(counts)
  const list = useRef<HTMLDivElement>(null)
  const closed = useLive(inspector.closed)
  const kind = state.kind ?? kinds?.[0]?.kind
  const { choice, prefix } = state
  const [returns, setReturns] = useState(0)
  const back = () => {
    setReturns(returns + 1)
    go({ choice: undefined })
  }
  useEffect(() => {
    if (returns > 0) list.current?.querySelector<HTMLElement>(".entry-list [role=listbox]")?.focus()
  }, [returns])
  if (failure !== undefined && kinds === undefined) return <FailureNotice failure={failure} />
  if (kind === undefined) {
    if (closed) return <Empty title="Nothing was read here before the store closed" />
    if (kinds === undefined) return <Empty title="Reading…" />
    return <Empty title="This store is empty">What is written to it appears here at once.</Empty>
  }
  return (
    <div class="entries" data-chosen={choice !== undefined} ref={list}>
      <KindList
        kinds={kinds}
        kind={kind}
        onKind={(to) => go({ kind: to, prefix: "", choice: undefined })}
      />
      <EntryList
        key={kind}
        inspector={inspector}
        kind={kind}
        prefix={prefix}
        chosen={choice?.kind === kind ? choice.key : undefined}
        onPrefix={(to) => go({ prefix: to })}
        onKey={(key) => go({ kind, choice: { kind, key } })}
      />
      {choice === undefined ? (
        <div class="detail nothing">
          <Empty title="No entry chosen">
            Choose one to see its value, edit it, or follow its versions.
          </Empty>
        </div>
      ) : (
        <EntryDetail
          key={JSON.stringify(choice)}
          inspector={inspector}
          choice={choice}
          onBack={back}
          onVersions={() => go({ tab: "versions" })}
        />
      )}
    </div>
  )
}
