import { type ReactNode, useMemo } from "react"
import { SurroundingsContext, useSurroundings } from "./context.ts"
import type { DehydratedState } from "./dehydrated.ts"
import { Hydration } from "./hydration.ts"

export interface HydrationBoundaryProps {
  /** What `dehydrate` returned on the server, the same object until there is another state. */
  readonly state: DehydratedState | undefined
  readonly children?: ReactNode
}

/**
 * Lets the hooks below render what the server has read: on the server, in the first render of
 * the client, and until the client's own store knows as much. Then they follow the store.
 * Boundaries can be nested; the inner one answers first. Must be below a StoreProvider.
 *
 * @example
 * <HydrationBoundary state={state}><Tasks /></HydrationBoundary>
 */
export function HydrationBoundary({ state, children }: HydrationBoundaryProps): ReactNode {
  const around = useSurroundings("HydrationBoundary")
  const outer = around.hydration
  const hydration = useMemo(
    () => (state === undefined ? outer : new Hydration(state, outer)),
    [state, outer],
  )
  const surroundings = useMemo(() => ({ ...around, hydration }), [around, hydration])
  return (
    <SurroundingsContext.Provider value={surroundings}>{children}</SurroundingsContext.Provider>
  )
}
