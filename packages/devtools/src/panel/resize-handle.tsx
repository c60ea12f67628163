import type { VNode } from "preact"

/** Lower than this, a panel shows nothing. */
const LOWEST = 180
const STEP = 24

/** The upper edge of the docked panel: dragged, or moved with the arrow keys. */
export function ResizeHandle({
  height,
  onHeight,
}: {
  readonly height: number
  readonly onHeight: (height: number) => void
}): VNode {
  const highest = Math.max(LOWEST, window.innerHeight - 40)
  const resize = (to: number) => onHeight(Math.round(Math.min(Math.max(to, LOWEST), highest)))
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is not a thematic break
    <div
      class="resize"
      role="separator"
      aria-label="Height of the panel"
      aria-orientation="horizontal"
      aria-valuemin={LOWEST}
      aria-valuemax={highest}
      aria-valuenow={Math.min(height, highest)}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key === "ArrowUp") resize(height + STEP)
        else if (event.key === "ArrowDown") resize(height - STEP)
        else return
        event.preventDefault()
      }}
      onPointerDown={(event) => {
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
        resize(window.innerHeight - event.clientY)
      }}
    />
  )
}
