import { host } from "./host.ts"

/** Where a store gets its time from. A test gives its own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls back once after some milliseconds; the result cancels. Must not keep a process alive. */
  after(ms: number, callback: () => void): () => void
}

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = host.setTimeout(callback, ms)
    if (typeof timer === "object") timer.unref?.()
    return () => host.clearTimeout(timer)
  },
}
