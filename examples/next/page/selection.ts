import { useSyncExternalStore } from "react"

/** The key of the place that is open, kept in the address: it can be shared, and Back closes it. */
export function useSelection(): string | undefined {
  return useSyncExternalStore(subscribe, selected, () => undefined)
}

/** Opens a place, or closes the one that is open. */
export function select(key: string | undefined): void {
  if (key === selected()) return
  const url = key === undefined ? location.pathname : `#${encodeURIComponent(key)}`
  // One step of history for the detail, not one for each place that was looked at.
  if (key !== undefined && selected() === undefined) history.pushState(null, "", url)
  else history.replaceState(null, "", url)
  for (const listener of [...listeners]) listener()
}

const listeners = new Set<() => void>()

function selected(): string | undefined {
  const text = location.hash.slice(1)
  return text === "" ? undefined : decodeURIComponent(text)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  addEventListener("hashchange", listener)
  addEventListener("popstate", listener)
  return () => {
    listeners.delete(listener)
    removeEventListener("hashchange", listener)
    removeEventListener("popstate", listener)
  }
}
