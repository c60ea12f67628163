import { systemClock } from "@tidemark/core"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"

const DAY = 86_400_000

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe("G1 the clock of this machine", () => {
  it.each([0, 1_000, 24 * DAY, 25 * DAY, 60 * DAY, 400 * DAY])(
    "calls back after %s milliseconds and not before, once",
    (ms) => {
      const called = vi.fn()
      systemClock.after(ms, called)
      if (ms > 0) vi.advanceTimersByTime(ms - 1)
      expect(called).not.toHaveBeenCalled()
      vi.advanceTimersByTime(1)
      expect(called).toHaveBeenCalledTimes(1)
      expect(vi.getTimerCount()).toBe(0)
    },
  )

  it.each([1_000, 60 * DAY, Number.POSITIVE_INFINITY])(
    "does not call back after %s milliseconds when that was cancelled, whenever it was",
    (ms) => {
      for (const passed of [0, 500, 55 * DAY]) {
        const called = vi.fn()
        const cancel = systemClock.after(ms, called)
        if (passed < ms) vi.advanceTimersByTime(passed)
        cancel()
        expect(vi.getTimerCount()).toBe(0)
        expect(called).not.toHaveBeenCalled()
      }
    },
  )
})
