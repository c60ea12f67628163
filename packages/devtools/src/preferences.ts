/** The names of the panel's tabs, in their order. */
export const TABS = ["entries", "versions", "events"] as const
export type Tab = (typeof TABS)[number]

/** What the panel remembers from one visit to the next. */
export interface Preferences {
  readonly open: boolean
  readonly tab: Tab
  /** The height of the docked panel, in pixels. */
  readonly height: number
}

/** The part of localStorage that is needed. */
export type Shelf = Pick<Storage, "getItem" | "setItem">

/** Reads what is remembered. Storage that is missing, forbidden or full of something else is no error. */
export function readPreferences(
  shelf: () => Shelf,
  key: string,
  fallback: Preferences,
): Preferences {
  let kept: Partial<Record<keyof Preferences, unknown>> | null
  try {
    kept = JSON.parse(shelf().getItem(key) ?? "null") as typeof kept
  } catch {
    return fallback
  }
  if (typeof kept !== "object" || kept === null) return fallback
  const { open, tab, height } = kept
  return {
    open: typeof open === "boolean" ? open : fallback.open,
    tab: TABS.find((name) => name === tab) ?? fallback.tab,
    height: typeof height === "number" && Number.isFinite(height) ? height : fallback.height,
  }
}

/** Remembers, where there is a place for it. */
export function writePreferences(shelf: () => Shelf, key: string, preferences: Preferences): void {
  try {
    shelf().setItem(key, JSON.stringify(preferences))
  } catch {
    // A private window or a full disk: the next visit begins afresh.
  }
}
