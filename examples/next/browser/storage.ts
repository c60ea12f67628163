import type { ReplicaStorage } from "@tidemark/sync"
import { openOpfs } from "@tidemark/sync/browser"
import type { StorageNotice } from "./loading.ts"

/** The storage of this tab, or why it has none. */
export type Opened = { readonly storage: ReplicaStorage } | { readonly notice: StorageNotice }

/** A tab that was just left or reloaded may hold the lock for a moment, in milliseconds. */
const LOCK_PATIENCE = 400

/** How often, and with which pause in milliseconds, a worker that is ending is given time to end. */
const ATTEMPTS = 10
const PAUSE = 100

/** Opens the storage that outlives the tab. One tab can have it; every other one learns why not. */
export async function openStorage(): Promise<Opened> {
  if (!(await holdLock())) return { notice: "another-tab" }
  for (let attempt = 1; ; attempt++) {
    try {
      return { storage: await openOpfs({ directory: "atlas" }) }
    } catch {
      if (navigator.storage?.getDirectory === undefined || attempt === ATTEMPTS) {
        return { notice: "unavailable" }
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
  }
}

/** Takes the lock for the life of this tab. True also where there are no locks: opening will tell. */
function holdLock(): Promise<boolean> {
  if (navigator.locks === undefined) return Promise.resolve(true)
  return new Promise((resolve) => {
    const options = { signal: AbortSignal.timeout(LOCK_PATIENCE) }
    const hold = () => {
      resolve(true)
      return new Promise<never>(() => {})
    }
    navigator.locks.request("atlas-storage", options, hold).catch(() => resolve(false))
  })
}
