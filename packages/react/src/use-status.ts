import type { StoreStatus } from "@tidemark/core"
import { useMemo } from "react"
import { useSurroundings } from "./context.ts"
import { type Reading, useReading } from "./reading.ts"

/**
 * What the store says of itself, kept current: where it stores, its connection, how many writes
 * are on their way. `undefined` where there is no store yet, on a server, and in the first render
 * of a page that came from one, because the server's store is another one.
 *
 * @throws StoreError `not_found` without a StoreProvider
 * @example
 * const pending = useStatus()?.pending ?? 0
 */
export function useStatus(): StoreStatus | undefined {
  const { store } = useSurroundings("useStatus()")
  const reading = useMemo(
    (): Reading<StoreStatus | undefined> => ({
      subscribe: (listener) => store?.status.subscribe(listener) ?? (() => {}),
      get: () => store?.status.get(),
      getServer: () => undefined,
    }),
    [store],
  )
  return useReading(reading)
}
