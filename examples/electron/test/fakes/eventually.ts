import { expect, vi } from "vitest"

/** As long as a busy machine may need, in milliseconds. */
const PATIENCE = 20_000

/** Waits until a check holds. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: PATIENCE, interval: 10 })
}

/** Waits until what is read is as expected. */
export function expectSoon<T>(read: () => T): ReturnType<typeof expect.poll<T>> {
  return expect.poll(read, { timeout: PATIENCE, interval: 20 })
}
