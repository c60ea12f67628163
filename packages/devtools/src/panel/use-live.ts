import { useLayoutEffect, useReducer, useRef } from "preact/hooks"
import type { Readable } from "../cell.ts"

/**
 * The present value; draws again when another takes its place, once a frame however often that
 * is, and not at all while the page is hidden.
 */
export function useLive<T>(live: Readable<T>): T {
  const [, draw] = useReducer((times: number) => times + 1, 0)
  const shown = useRef<T>(live.get())
  shown.current = live.get()
  useLayoutEffect(() => {
    let frame: number | undefined
    const drawSoon = () => {
      frame ??= requestAnimationFrame(() => {
        frame = undefined
        draw(undefined)
      })
    }
    // It may have changed between drawing and subscribing.
    if (!Object.is(live.get(), shown.current)) drawSoon()
    const forget = live.subscribe(drawSoon)
    return () => {
      forget()
      if (frame !== undefined) cancelAnimationFrame(frame)
    }
  }, [live])
  return shown.current
}
