import { expect, it } from "vitest"
import { visibleBounds } from "../src/main/visible-bounds.ts"

const screen = { x: 0, y: 0, width: 1440, height: 900 }
const left = { x: -1920, y: 0, width: 1920, height: 1080 }
const kept = { x: 100, y: 50, width: 800, height: 600 }

it.each([
  ["in the middle", kept],
  ["half beyond the right edge", { ...kept, x: 1200 }],
  ["on the screen to the left", { ...kept, x: -1500 }],
])("keeps a window where it was: %s", (_where, bounds) => {
  expect(visibleBounds(bounds, [screen, left])).toEqual(bounds)
})

it.each([
  ["on a screen that is gone", { ...kept, x: -1500 }],
  ["with its title above the screen", { ...kept, y: -40 }],
  ["with its title below the screen", { ...kept, y: 860 }],
  ["all but beyond the right edge", { ...kept, x: 1400 }],
])("lets the system place a window that nobody could grasp: %s", (_where, bounds) => {
  expect(visibleBounds(bounds, [screen])).toEqual({ width: 800, height: 600 })
})

it("makes a window that has lost its place no larger than the largest screen", () => {
  const huge = { x: 9_000, y: 0, width: 5_000, height: 1_000 }
  expect(visibleBounds(huge, [screen, left])).toEqual({ width: 1920, height: 1000 })
})
