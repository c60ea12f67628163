import { StoreError } from "../../errors.ts"

/** How long to sleep between two tries, in milliseconds. */
const PAUSE = 5

/**
 * Runs a step again while it fails with `busy`, for at most `timeout` milliseconds, and sleeps
 * the thread in between. SQLite does not wait by itself in every case: a switch to WAL that
 * meets another connection fails at once, whatever its busy timeout.
 */
export function whileBusy<T>(timeout: number, step: () => T): T {
  const end = Date.now() + timeout
  for (;;) {
    try {
      return step()
    } catch (error) {
      if (!StoreError.is(error, "busy") || Date.now() >= end) throw error
      sleep(PAUSE)
    }
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
