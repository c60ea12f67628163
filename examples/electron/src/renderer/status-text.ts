import type { StoreStatus } from "@tidemark/core"

export interface StatusText {
  readonly tone: "good" | "busy" | "bad"
  readonly text: string
}

/** What a person should know of the state of the store. */
export function statusText(status: StoreStatus | undefined): StatusText {
  const { connection = "connecting", pending = 0 } = status ?? {}
  const waiting = pending === 1 ? "1 change" : `${pending} changes`
  switch (connection) {
    case "local":
    case "live":
      return pending === 0
        ? { tone: "good", text: "Saved" }
        : { tone: "busy", text: `Saving ${waiting}` }
    case "connecting":
      return { tone: "busy", text: "Connecting" }
    case "offline":
      return {
        tone: "bad",
        text: pending === 0 ? "Reconnecting" : `Reconnecting, ${waiting} to save`,
      }
    case "denied":
    case "incompatible":
      return { tone: "bad", text: "Not connected: close this window and open it again" }
  }
}
