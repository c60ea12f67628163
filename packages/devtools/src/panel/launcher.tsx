import type { VNode } from "preact"
import type { Corner } from "../devtools.ts"
import type { Inspector } from "../inspector.ts"
import { connectionTone } from "./connection.ts"
import { Icon } from "./icon.tsx"
import { useLive } from "./use-live.ts"

/** The button that opens the panel; tells at a glance whether the store is connected and has sent everything. */
export function Launcher({
  inspector,
  position,
  onOpen,
}: {
  readonly inspector: Inspector
  readonly position: Corner
  readonly onOpen: () => void
}): VNode {
  const { connection, pending } = useLive(inspector.store.status)
  const closed = useLive(inspector.closed)
  const state = closed ? "closed" : connection
  const told = pending > 0 ? `, ${pending} pending` : ""
  return (
    <button
      type="button"
      class={`launcher ${position}`}
      data-first-focus
      aria-expanded="false"
      aria-label={`Open Tidemark devtools (${state}${told})`}
      title="Tidemark devtools"
      onClick={onOpen}
    >
      <Icon name="tide" />
      <span class="dot" data-tone={connectionTone(state)} />
      {pending > 0 && <span class="badge" data-count={pending} />}
    </button>
  )
}
