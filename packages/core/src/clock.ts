import { host, LONGEST_TIMER, type Timer } from "./host.ts"

/** Where a store gets its time from. A test gives its own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls back once after some milliseconds, never after `Infinity`; the result cancels. Must not keep a process alive. */
  after(ms: number, callback: () => void): () => void
}

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    let timer: Timer
    const wait = (left: number) => {
      const isLast = left <= LONGEST_TIMER
      const next = isLast ? callback : () => wait(left - LONGEST_TIMER)
      timer = host.setTimeout(next, isLast ? left : LONGEST_TIMER)
      if (typeof timer === "object") timer.unref?.()
    }
    wait(ms)
    return () => host.clearTimeout(timer)
  },
}
