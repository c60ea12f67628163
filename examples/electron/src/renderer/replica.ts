import type { Store } from "@tidemark/core"
import { connect } from "@tidemark/sync"
import { electronChannel, type PageWindow } from "@tidemark/sync/electron-renderer"
import { kinds, WINDOW_KINDS } from "../shared/kinds.ts"

/** The store of a window: it follows main's, shows own writes at once, and asks for a new port when its port closes. */
export function openReplica(window: PageWindow): Store<typeof kinds> {
  return connect(electronChannel({ window }), { kinds, strict: true, follow: WINDOW_KINDS })
}
