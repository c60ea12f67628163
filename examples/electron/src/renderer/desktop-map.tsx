import type { Entry } from "@tidemark/core"
import type { ReactNode } from "react"
import type { Bounds, OpenWindow } from "../shared/kinds.ts"

export interface DesktopMapProps {
  readonly windowId: string
  readonly windows: readonly Entry<OpenWindow>[]
}

/** The room left around the windows, in the desktop's pixels. */
const MARGIN = 80

/** A picture of where the windows stand, live as they are moved. */
export function DesktopMap({ windowId, windows }: DesktopMapProps): ReactNode {
  const placed = windows.flatMap(({ key, value: { bounds } }) => (bounds ? [{ key, bounds }] : []))
  if (placed.length === 0) return null
  return (
    <svg
      className="desktop"
      viewBox={viewBox(placed.map(({ bounds }) => bounds))}
      aria-hidden="true"
    >
      {placed.map(({ key, bounds: { x, y, width, height } }) => (
        <g key={key} data-own={key === windowId || undefined}>
          <rect x={x} y={y} width={width} height={height} rx="24" />
          <rect x={x} y={y} width={width * 0.3} height={height} rx="24" />
        </g>
      ))}
    </svg>
  )
}

function viewBox(all: readonly Bounds[]): string {
  const left = Math.min(...all.map(({ x }) => x)) - MARGIN
  const top = Math.min(...all.map(({ y }) => y)) - MARGIN
  const right = Math.max(...all.map(({ x, width }) => x + width)) + MARGIN
  const bottom = Math.max(...all.map(({ y, height }) => y + height)) + MARGIN
  return `${left} ${top} ${right - left} ${bottom - top}`
}
