import type { Store } from "@tidemark/core"
import { CLOSING, type ClosingMessage } from "../shared/channels.ts"
import type { kinds } from "../shared/kinds.ts"
import { isOwnMessage, type PageWindow } from "./page-window.ts"

/** Tells main, when it asks before closing this window, how many writes are pending: now and as they settle. */
export function answerClosing(
  window: PageWindow,
  store: Pick<Store<typeof kinds>, "status">,
): void {
  window.addEventListener("message", (event: MessageEvent<Partial<ClosingMessage> | null>) => {
    const port = event.ports[0]
    if (!isOwnMessage(window, event) || event.data?.type !== CLOSING || port === undefined) return
    const tell = () => port.postMessage(store.status.get().pending)
    store.status.subscribe(tell)
    tell()
  })
}
