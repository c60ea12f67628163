import type { ConnectionState } from "@tidemark/core"

/** How a state of the connection feels: well, on its way, or in need of a look. */
export function connectionTone(state: ConnectionState | "closed"): "good" | "waiting" | "bad" {
  switch (state) {
    case "local":
    case "live":
      return "good"
    case "connecting":
    case "offline":
      return "waiting"
    default:
      return "bad"
  }
}
