"use client"

import { createHooks } from "@tidemark/react"
import { useMemo, useSyncExternalStore } from "react"
import type { AtlasKinds, MarkEntry } from "../atlas/kinds.ts"

/** The hooks of Tidemark, typed by the kinds of Atlas. */
export const { useKey, useKind, useStatus, useStore } = createHooks<AtlasKinds>()

/** What people say of places, by the keys of the places. */
export type Marks = ReadonlyMap<string, MarkEntry>

/** All marks, kept current. */
export function useMarks(): Marks {
  const entries = useKind("marks")
  return useMemo(() => new Map(entries.map((entry) => [entry.key, entry])), [entries])
}

/** The position of the store in the sequence of all changes, kept current. */
export function usePosition(): number {
  const store = useStore()
  return useSyncExternalStore(
    useMemo(
      () => (listener: () => void) => {
        const watching = store.watch("*").subscribe(listener)
        const stopStatus = store.status.subscribe(listener)
        return () => {
          watching.unsubscribe()
          stopStatus()
        }
      },
      [store],
    ),
    () => store.position,
    () => 0,
  )
}
