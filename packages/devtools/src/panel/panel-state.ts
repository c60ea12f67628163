import type { EventFilter } from "../event-rows.ts"
import type { Tab } from "../preferences.ts"

/** The entry that Entries and Versions show. */
export interface Choice {
  readonly kind: string
  readonly key: string
}

/** Where a person is in the panel; kept while one goes from tab to tab. */
export interface PanelState {
  readonly tab: Tab
  /** The kind whose entries are listed; `undefined` until one is chosen: the first. */
  readonly kind: string | undefined
  /** Which keys are listed: those that begin so. */
  readonly prefix: string
  readonly choice: Choice | undefined
  readonly filter: EventFilter
  readonly paused: boolean
}

/** Goes somewhere: the parts that change. */
export type Go = (to: Partial<PanelState>) => void

/** Goes to an entry. */
export function toEntry(choice: Choice): Partial<PanelState> {
  return { tab: "entries", kind: choice.kind, prefix: "", choice }
}
