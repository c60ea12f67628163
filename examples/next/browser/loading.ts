import { useSyncExternalStore } from "react"

/** Why the page keeps its copy in memory: another tab has the storage, or the browser has none for us. */
export type StorageNotice = "another-tab" | "unavailable"

/** How far the page is in getting its places, and what it has to tell about that. */
export interface Loading {
  /** Rows of the first state; `total` is 0 as long as it is unknown. */
  readonly received: number
  readonly total: number
  readonly notice: StorageNotice | undefined
  /** Whether the storage is still taking over what the page has. */
  readonly isKeeping: boolean
  /** Why the server did not take an edit of an earlier visit. */
  readonly refusal: string | undefined
}

const START: Loading = {
  received: 0,
  total: 0,
  notice: undefined,
  isKeeping: false,
  refusal: undefined,
}

let loading = START
const listeners = new Set<() => void>()

/** Tells the page what has changed. */
export function tell(news: Partial<Loading>): void {
  loading = { ...loading, ...news }
  for (const listener of [...listeners]) listener()
}

/** How far the loading is, kept current. */
export function useLoading(): Loading {
  return useSyncExternalStore(
    subscribe,
    () => loading,
    () => START,
  )
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
