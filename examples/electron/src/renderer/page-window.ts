import type { TidemarkBridge } from "../shared/channels.ts"

/** What a page uses of its window to talk with the preload script. */
export interface PageWindow extends Pick<Window, "addEventListener" | "removeEventListener"> {
  readonly location: Pick<Location, "origin">
  /** Missing where the preload script did not run, as in a plain browser. */
  readonly tidemark?: TidemarkBridge
}

/** Whether a message was sent by this window itself: no frame, no opener can speak for the preload script. */
export function isOwnMessage(window: PageWindow, event: MessageEvent): boolean {
  return event.source === (window as unknown) && event.origin === window.location.origin
}
