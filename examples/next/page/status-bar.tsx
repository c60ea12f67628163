import type { StoreStatus } from "@tidemark/core"
import { lazy, type ReactNode, Suspense, useEffect } from "react"
import { type StorageNotice, useLoading } from "../browser/loading.ts"
import { usePosition, useStatus } from "./hooks.ts"

const Inspector = lazy(async () => ({ default: (await import("./inspector.tsx")).Inspector }))

export interface StatusBarProps {
  /** Whether this tab has its places. */
  readonly isLoaded: boolean
  /** Whether something lies over the page. */
  readonly isCovered: boolean
}

/** How the page stands: connection, edits on their way, where its copy is kept, its position. */
export function StatusBar({ isLoaded, isCovered }: StatusBarProps): ReactNode {
  const status = useStatus()
  const { received, total, refusal } = useLoading()
  const isReceiving = !isLoaded && total > 0
  return (
    <footer className="status" inert={isCovered}>
      {isReceiving && <progress aria-label="Entries received" value={received} max={total} />}
      <p className="connection" role="status" data-connection={status?.connection ?? "connecting"}>
        <span className="light" aria-hidden="true" />
        {connectionText(status, isLoaded)}
      </p>
      {isReceiving && (
        <p>
          {received.toLocaleString("en")} of {total.toLocaleString("en")} entries
        </p>
      )}
      {status !== undefined && <PendingCount count={status.pending} />}
      {refusal !== undefined && <p className="refusal">The server refused an edit: {refusal}</p>}
      {status !== undefined && isLoaded && <Copy status={status} />}
      {status !== undefined && (
        <Suspense>
          <Inspector />
        </Suspense>
      )}
    </footer>
  )
}

function connectionText(status: StoreStatus | undefined, isLoaded: boolean): string {
  switch (status?.connection) {
    case undefined:
      return "Opening"
    case "live":
    case "local":
      return "Live"
    case "connecting":
      return isLoaded ? "Connecting" : "Loading"
    case "offline":
      return "Offline"
    case "incompatible":
      return "This page is too old or too new for its server: reload it"
    case "denied":
      return "The server turned this visitor away: reload the page"
  }
}

function PendingCount({ count }: { readonly count: number }): ReactNode {
  return (
    <p className="pending-count" data-pending={count > 0 || undefined}>
      {count > 0 && <span className="pending-dot" aria-hidden="true" />}
      {count === 0 ? "Nothing pending" : `${count} pending ${count === 1 ? "edit" : "edits"}`}
    </p>
  )
}

const STORAGES: Record<StoreStatus["storage"], string> = {
  opfs: "Kept in this browser (OPFS)",
  file: "Kept in a file",
  memory: "Kept in memory",
}

const NOTICES: Record<StorageNotice, string> = {
  "another-tab": "another tab has the storage",
  unavailable: "this browser offers no storage here",
}

function Copy({ status }: { readonly status: StoreStatus }): ReactNode {
  const { notice, isKeeping } = useLoading()
  const position = usePosition()
  useWarningBeforeLoss(status.storage === "memory" && status.pending > 0)
  return (
    <>
      <p className="storage">
        {isKeeping ? "Storing in this browser" : STORAGES[status.storage]}
        {notice !== undefined && `: ${NOTICES[notice]}`}
      </p>
      <p className="position">Position {position.toLocaleString("en")}</p>
    </>
  )
}

/** Edits that are kept in memory alone are lost with the tab: it asks before it closes. */
function useWarningBeforeLoss(wouldLose: boolean): void {
  useEffect(() => {
    if (!wouldLose) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener("beforeunload", ask)
    return () => removeEventListener("beforeunload", ask)
  }, [wouldLose])
}
