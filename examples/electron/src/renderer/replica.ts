import type { Store } from "@tidemark/core"
import { connect } from "@tidemark/sync"
import { messagePortChannel } from "@tidemark/sync/message-port"
import { kinds, WINDOW_KINDS } from "../shared/kinds.ts"
import type { PageWindow } from "./page-window.ts"
import { requestPort } from "./port-request.ts"

/** The store of a window: it follows main's, shows own writes at once, and asks for a new port when its port closes. */
export function openReplica(window: PageWindow): Store<typeof kinds> {
  const channel = messagePortChannel(() => requestPort(window))
  return connect(channel, { kinds, strict: true, follow: WINDOW_KINDS })
}
