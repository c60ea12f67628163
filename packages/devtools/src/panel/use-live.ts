import { useLayoutEffect, useReducer, useRef } from "preact/hooks"
import type { Readable } from "../cell.ts"

/** The present value; draws again when another takes its place. */
export function useLive<T>(live: Readable<T>): T {
  const [, draw] = useReducer((times: number) => times + 1, 0)
  const shown = useRef<T>(live.get())
  shown.current = live.get()
  useLayoutEffect(() => {
    // It may have changed between drawing and subscribing.
    if (!Object.is(live.get(), shown.current)) draw(undefined)
    return live.subscribe(() => draw(undefined))
  }, [live])
  return shown.current
}
