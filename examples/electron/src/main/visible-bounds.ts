import type { Bounds } from "../shared/kinds.ts"

/** How much of a window's title must be on a screen so that it can be grasped, in pixels. */
const GRASP = 80

/**
 * The bounds to open a window with: those it had, if a screen that is there still shows them;
 * else only its size, fitted to the largest screen, and the system chooses the place.
 */
export function visibleBounds(
  kept: Bounds,
  screens: readonly Bounds[],
): Bounds | Pick<Bounds, "width" | "height"> {
  if (screens.some((screen) => showsTitle(kept, screen))) return kept
  const [largest] = screens.toSorted((a, b) => b.width * b.height - a.width * a.height)
  return {
    width: Math.min(kept.width, largest?.width ?? kept.width),
    height: Math.min(kept.height, largest?.height ?? kept.height),
  }
}

function showsTitle({ x, y, width }: Bounds, screen: Bounds): boolean {
  const shown = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x)
  return shown >= GRASP && y >= screen.y && y <= screen.y + screen.height - GRASP
}
