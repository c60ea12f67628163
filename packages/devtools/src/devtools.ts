import type { Store } from "@tidemark/core"

/** The part of a store that the panel uses. Every `Store` has it. */
export type InspectedStore = Pick<
  Store,
  | "position"
  | "status"
  | "kinds"
  | "count"
  | "list"
  | "liveList"
  | "history"
  | "watch"
  | "set"
  | "delete"
>

/** The corner of the window in which the button stands that opens the panel. */
export type Corner = "bottom-right" | "bottom-left"

/** What the panel can be told. */
export interface DevtoolsOptions {
  /**
   * `"floating"` (default): a button in a corner of the window opens a docked panel.
   * `"inline"`: the panel fills the element, always open.
   */
  readonly mode?: "floating" | "inline"
  /** Where the button stands. Default `"bottom-right"`. */
  readonly position?: Corner
  /** `"auto"` (default) follows the system. */
  readonly theme?: "auto" | "light" | "dark"
  /** Whether a floating panel is open when nothing is remembered yet. Default: it is not. */
  readonly open?: boolean
  /** Where localStorage keeps the tab, the height and whether it is open. Default `"tidemark-devtools"`. */
  readonly storageKey?: string
}

/** A mounted panel. */
export interface Devtools {
  /** Takes the panel away and lets go of the store. Idempotent. */
  unmount(): void
}

/** Mounts a panel for a store under an element. */
export type MountDevtools = (
  element: Element,
  store: InspectedStore,
  options?: DevtoolsOptions,
) => Devtools
