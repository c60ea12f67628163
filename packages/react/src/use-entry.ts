import type { EntryOf, KindName, Kinds, LiveStatus } from "@tidemark/core"
import { useMemo } from "react"
import { useSurroundings } from "./context.ts"
import { createReading, type Reading, useReading } from "./reading.ts"
import type { RegisteredKinds } from "./register.ts"

/** An entry with everything that a screen can tell about it. */
export interface EntryState<E extends { readonly value: unknown }> {
  /** `undefined` where there is none. */
  readonly entry: E | undefined
  readonly value: E["value"] | undefined
  /** 0 where there is none. */
  readonly version: number
  /** Whether the newest write of it is still on its way. */
  readonly pending: boolean
  /** `"loading"` until it was read; `"failed"` when it cannot be. */
  readonly status: LiveStatus
  /** Why it failed. */
  readonly error: unknown
}

export type UseEntry<K extends Kinds> = <N extends KindName<K>>(
  kind: N,
  key: string,
) => EntryState<EntryOf<K, N>>

/**
 * One entry with its facts, kept current: for a screen that shows versions, unsaved writes or
 * errors. `useKey` renders less often: only when the value becomes another one.
 *
 * @throws StoreError as `useKey` does
 * @example
 * const { value, version, pending } = useEntry("users", "alice")
 */
export const useEntry: UseEntry<RegisteredKinds> = (kind, key) => {
  const { store, hydration } = useSurroundings("useEntry()")
  const reading = useMemo((): Reading<EntryState<EntryOf<RegisteredKinds, typeof kind>>> => {
    const live = store?.liveEntry(kind, key)
    const hydrated = hydration?.entry(kind, key)
    const { subscribe, get, getServer } = createReading({
      present: store && live && { store, live },
      hydrated,
      none: undefined,
    })
    const [now, first] = [sameState(), sameState()]
    // What was hydrated has been read: by the server, whose value stays until there is a newer one.
    const unread = hydrated === undefined ? "loading" : "ready"
    const statusNow = () => (live && live.status !== "loading" ? live.status : unread)
    return {
      subscribe,
      get: () => now(get(), statusNow(), live?.error),
      getServer: () => first(getServer(), unread, undefined),
    }
  }, [store, hydration, kind, key])
  return useReading(reading)
}

type Told = EntryState<NonNullable<EntryState<{ value: unknown }>["entry"]>>

/** Gives the same state for the same facts. */
function sameState() {
  let told: Told | undefined
  // biome-ignore lint/suspicious/noExplicitAny: the types of the hook say which entries these are.
  return (entry: any, status: LiveStatus, error: unknown): any => {
    const isSame = told?.entry === entry && told?.status === status && told?.error === error
    if (told !== undefined && isSame) return told
    const { value, version = 0, pending = false } = entry ?? {}
    told = Object.freeze({ entry, value, version, pending, status, error })
    return told
  }
}
