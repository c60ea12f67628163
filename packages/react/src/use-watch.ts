import type {
  Change,
  KindName,
  Kinds,
  StoreError,
  Target,
  ValueOf,
  WatchOptions,
} from "@tidemark/core"
import { useEffect, useInsertionEffect, useRef, useState } from "react"
import { useSurroundings } from "./context.ts"
import type { RegisteredKinds } from "./register.ts"

/** As for `store.watch`. The component's life takes the place of a signal. */
export interface UseWatchOptions extends Omit<WatchOptions, "signal"> {
  /**
   * What was told no longer holds, and a replay of everything there is follows. Only where
   * `onGap` is `"replay"`. Always that of the newest render is called.
   */
  readonly onReset?: () => void
}

export type UseWatch<K extends Kinds> = {
  <N extends KindName<K>>(
    target: N | readonly [kind: N, key: string],
    handler: (change: Change<ValueOf<K, N>>) => void,
    options?: UseWatchOptions,
  ): void
  (target: Target, handler: (change: Change) => void, options?: UseWatchOptions): void
}

interface Reached {
  readonly store: unknown
  readonly id: string
  readonly seq: number
}

/**
 * Calls a handler with each committed change of a target, in order, while the component is
 * mounted: from then on (`from: "now"`, the default), or with a replay or after a position first,
 * from which it goes on when it was hidden, in an Activity, meanwhile.
 * Always the handler of the newest render is called. Target and options may be written in place.
 * Does not render; for what a screen shows use `useKey` and `useKind`.
 *
 * @throws StoreError to the nearest error boundary: `invalid_key`, `position_too_old`; and as `useKey` does
 * @example
 * useWatch("orders", (change) => toast(change.key), { types: ["create"] })
 */
export const useWatch: UseWatch<RegisteredKinds> = (
  target: Target,
  handler: (change: Change<never>) => void,
  { onReset, ...options }: UseWatchOptions = {},
): void => {
  const { store } = useSurroundings("useWatch()")
  const [failure, fail] = useState<StoreError>()
  const latest = useRef({ handler, onReset })
  /** How far the handler has come after a position that it was given. */
  const reached = useRef<Reached>(undefined)
  // Before all other effects of this render, which may write.
  useInsertionEffect(() => {
    latest.current = { handler, onReset }
  })
  const id = JSON.stringify([target, options])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the id stands for target and options.
  useEffect(() => {
    if (store === undefined) return
    const before = reached.current
    const goesOn = before?.store === store && before.id === id
    const from = goesOn ? { from: before.seq } : {}
    const watching = store.watch(target, { ...options, ...from }).subscribe({
      next(change) {
        if (typeof options.from === "number") {
          // A replay after a reset is in the order of keys.
          const before = change.replay ? (reached.current?.seq ?? 0) : 0
          reached.current = { store, id, seq: Math.max(before, change.seq) }
        }
        latest.current.handler(change as Change<never>)
      },
      reset() {
        reached.current = undefined
        latest.current.onReset?.()
      },
      error: fail,
    })
    return () => watching.unsubscribe()
  }, [store, id])
  if (failure !== undefined) throw failure
}
