import {
  type BatchResult,
  createUndo,
  type Kinds,
  type Undo,
  type UndoOptions,
} from "@tidemark/core"
import { useCallback, useEffect, useInsertionEffect, useRef, useState } from "react"
import { useSurroundings } from "./context.ts"
import { useReading } from "./reading.ts"
import type { RegisteredKinds } from "./register.ts"

/** Undo and redo for a screen. */
export interface UndoState {
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** As `Undo.undo` of core: rejects with `conflict` when somebody else has written since. */
  undo(this: void): Promise<BatchResult | undefined>
  redo(this: void): Promise<BatchResult | undefined>
}

interface Opened {
  readonly store: unknown
  readonly id: string
  readonly undo: Undo
}

export type UseUndo<K extends Kinds> = (options: UndoOptions<K>) => UndoState

/**
 * Takes back what one origin has written, and puts it in place again. It follows the store while
 * the component is mounted; what can be undone is read from the log, so that it outlives it.
 * `undo` and `redo` are the same functions in every render. Options may be written in place.
 *
 * @throws StoreError `invalid_value` for options that are none; `not_found` without a StoreProvider
 * @example
 * const { undo, canUndo } = useUndo({ origin: "editor", groupWithin: 500 })
 */
export const useUndo: UseUndo<RegisteredKinds> = (options) => {
  const { store } = useSurroundings("useUndo()")
  const [opened, setOpened] = useState<Opened>()
  const newest = useRef<Undo>(undefined)
  const latest = useRef(options.onError)
  useInsertionEffect(() => {
    latest.current = options.onError
  })
  const id = JSON.stringify(options)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the id stands for the options.
  useEffect(() => {
    if (store === undefined) return
    const onError = options.onError && ((error: unknown) => latest.current?.(error))
    const undo = createUndo(store, { ...options, ...(onError && { onError }) })
    newest.current = undo
    setOpened({ store, id, undo })
    return () => {
      undo.close()
      newest.current = undefined
      setOpened(undefined)
    }
  }, [store, id])
  const isOfThis = opened !== undefined && opened.store === store && opened.id === id
  const steps = isOfThis ? opened.undo : undefined
  return {
    canUndo: useFlag(steps?.canUndo),
    canRedo: useFlag(steps?.canRedo),
    undo: useCallback(async () => newest.current?.undo(), []),
    redo: useCallback(async () => newest.current?.redo(), []),
  }
}

function useFlag(live: Undo["canUndo"] | undefined): boolean {
  return useReading({
    subscribe: useCallback((listener) => live?.subscribe(listener) ?? (() => {}), [live]),
    get: () => live?.get() ?? false,
    getServer: () => false,
  })
}
