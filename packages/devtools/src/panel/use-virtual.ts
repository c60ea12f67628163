import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from "@tanstack/virtual-core"
import type { RefObject } from "preact"
import { useLayoutEffect, useReducer, useState } from "preact/hooks"

type Rows = Virtualizer<HTMLDivElement, HTMLDivElement>

/** The rows of a long list that are on screen. */
export function useVirtual(
  scroller: RefObject<HTMLDivElement | null>,
  options: Pick<VirtualizerOptions<HTMLDivElement, HTMLDivElement>, "count" | "estimateSize"> & {
    /** Must be the same function while the rows are the same. */
    readonly getItemKey?: (index: number) => string | number
  },
): Rows {
  const [, draw] = useReducer((times: number) => times + 1, 0)
  const all = {
    ...options,
    overscan: 6,
    getScrollElement: () => scroller.current,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => draw(undefined),
  }
  const [rows] = useState<Rows>(() => new Virtualizer(all))
  rows.setOptions(all)
  // What the library's own adapters do when they mount and after each drawing.
  useLayoutEffect(() => rows._didMount(), [rows])
  useLayoutEffect(() => rows._willUpdate())
  return rows
}
