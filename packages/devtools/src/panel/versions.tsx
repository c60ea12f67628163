import type { Change } from "@tidemark/core"
import type { VNode } from "preact"
import { useMemo, useState } from "preact/hooks"
import { entryHistory } from "../entry-history.ts"
import type { Inspector } from "../inspector.ts"
import { nameText } from "../text.ts"
import { Empty, FailureNotice } from "./notice.tsx"
import { type Choice, type Go, type PanelState, toEntry } from "./panel-state.ts"
import { useRunning } from "./use-running.ts"
import { VersionDetail } from "./version-detail.tsx"
import { VersionList } from "./version-list.tsx"

/** So many versions are read at first, and so many more each time one asks for them. */
const STEP = 100

/** The history of the chosen entry. */
export function Versions({
  inspector,
  state,
  go,
}: {
  readonly inspector: Inspector
  readonly state: PanelState
  readonly go: Go
}): VNode {
  const { choice } = state
  if (choice === undefined) {
    return (
      <Empty title="No entry chosen">
        <button type="button" class="button" onClick={() => go({ tab: "entries" })}>
          Choose one in Entries
        </button>
      </Empty>
    )
  }
  return (
    <History
      key={JSON.stringify(choice)}
      inspector={inspector}
      choice={choice}
      onEntry={() => go(toEntry(choice))}
    />
  )
}

function History({
  inspector,
  choice,
  onEntry,
}: {
  readonly inspector: Inspector
  readonly choice: Choice
  readonly onEntry: () => void
}): VNode {
  const { kind, key } = choice
  const [limit, setLimit] = useState(STEP)
  const history = useMemo(
    () => entryHistory(inspector, kind, key, limit),
    [inspector, kind, key, limit],
  )
  const { value: changes, failure } = useRunning(history)
  const [seq, setSeq] = useState<number>()
  if (failure !== undefined) return <FailureNotice failure={failure} />
  if (changes === undefined) return <Empty title="Reading…" />
  const shown: Change | undefined = changes.find((change) => change.seq === seq) ?? changes[0]
  if (shown === undefined) {
    return (
      <Empty title="No versions are kept">
        {nameText(`${kind}/${key}`)} has no committed change in the log.
      </Empty>
    )
  }
  return (
    <div class="versions">
      <div class="version-list">
        <h2 class="title">
          <button type="button" class="link" onClick={onEntry} title="Show in Entries">
            <span class="of">{nameText(kind)}/</span>
            {nameText(key)}
          </button>
        </h2>
        <VersionList
          changes={changes}
          shown={shown}
          onShow={(change) => setSeq(change === changes[0] ? undefined : change.seq)}
        />
        {changes.length === limit && (
          <button type="button" class="button more" onClick={() => setLimit(limit + STEP)}>
            Show older versions
          </button>
        )}
      </div>
      <VersionDetail changes={changes} shown={shown} />
    </div>
  )
}
