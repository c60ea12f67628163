import type { Clock } from "@tidemark/core"
import type { BrowserWindow, MessageChannelMain } from "electron"
import { CLOSING } from "../shared/channels.ts"

/** How long a window that closes may take to send what it has pending, in milliseconds. */
export const PATIENCE = 2_000

/** Whether a window had sent everything; if not, how many changes were left, as far as it said. */
export type Flushed =
  | { readonly done: true }
  | { readonly done: false; readonly pending: number | undefined }

/** Asks a window's page to send what it has pending, and waits until it has, or gives up. */
export function flush(
  window: Pick<BrowserWindow, "webContents">,
  channel: MessageChannelMain,
  clock: Clock,
): Promise<Flushed> {
  const { port1, port2 } = channel
  return new Promise((resolve) => {
    let pending: number | undefined
    const end = (flushed: Flushed) => {
      cancel()
      port1.close()
      resolve(flushed)
    }
    const cancel = clock.after(PATIENCE, () => end({ done: false, pending }))
    port1.on("message", ({ data }) => {
      if (data === 0) end({ done: true })
      else if (Number.isSafeInteger(data) && data > 0) pending = data
    })
    port1.start()
    window.webContents.postMessage(CLOSING, null, [port2])
  })
}

/** What to tell about a window that did not send everything. */
export function lossText(pending: number | undefined): { message: string; detail: string } {
  const which =
    pending === 1 ? "One change" : pending === undefined ? "Changes" : `${pending} changes`
  return {
    message: "A window was closed before everything was saved",
    detail: `${which} made in it last may be missing: it did not answer within ${PATIENCE / 1_000} seconds. What was shown as saved is safe.`,
  }
}
