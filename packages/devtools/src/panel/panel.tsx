import type { VNode } from "preact"
import { useId, useState } from "preact/hooks"
import type { Inspector } from "../inspector.ts"
import type { Tab } from "../preferences.ts"
import { Entries } from "./entries.tsx"
import { Events } from "./events.tsx"
import { Icon } from "./icon.tsx"
import { FailureNotice, Notice } from "./notice.tsx"
import type { PanelState } from "./panel-state.ts"
import { StatusLine } from "./status-line.tsx"
import { TabList, TabPanel } from "./tabs.tsx"
import { useLive } from "./use-live.ts"
import { Versions } from "./versions.tsx"

/** The header, the tabs, and the tab that is open. */
export function Panel({
  inspector,
  tab,
  onTab,
  onClose,
}: {
  readonly inspector: Inspector
  readonly tab: Tab
  readonly onTab: (tab: Tab) => void
  /** `undefined` for a panel that stays. */
  readonly onClose: (() => void) | undefined
}): VNode {
  const id = useId()
  const [place, setPlace] = useState<Omit<PanelState, "tab">>(START)
  const closed = useLive(inspector.closed)
  const failure = useLive(inspector.failure)
  const go = ({ tab: toTab, ...to }: Partial<PanelState>) => {
    setPlace((before) => ({ ...before, ...to }))
    if (toTab !== undefined) onTab(toTab)
  }
  const inner = { inspector, state: { ...place, tab }, go }
  return (
    <>
      <header class="header">
        <span class="brand">
          <Icon name="tide" />
          <span>Tidemark</span>
        </span>
        <TabList tab={tab} id={id} onTab={onTab} />
        <StatusLine inspector={inspector} />
        {onClose !== undefined && (
          <button
            type="button"
            class="icon-button close"
            aria-label="Close (Escape)"
            title="Close (Escape)"
            onClick={onClose}
          >
            <Icon name="close" />
          </button>
        )}
      </header>
      {closed && <Notice>This store is closed: nothing more can be read or written.</Notice>}
      {failure !== undefined && !closed && (
        <FailureNotice failure={{ ...failure, message: `The log has stopped: ${failure.message}` }}>
          <button type="button" class="button" onClick={() => inspector.resume()}>
            Follow again
          </button>
        </FailureNotice>
      )}
      <TabPanel tab={tab} id={id}>
        {tab === "entries" && <Entries {...inner} />}
        {tab === "versions" && <Versions {...inner} />}
        {tab === "events" && <Events {...inner} />}
      </TabPanel>
    </>
  )
}

const START: Omit<PanelState, "tab"> = {
  kind: undefined,
  prefix: "",
  choice: undefined,
  filter: { kind: "", type: "", text: "" },
  paused: false,
}
