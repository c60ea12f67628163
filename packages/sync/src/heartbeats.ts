import type { Clock } from "@tidemark/core"
import type { FeedMessage } from "./message.ts"
import type { Most } from "./portions.ts"

/** How often an authority shows that it is alive where nothing else is said, in milliseconds. */
export const HEARTBEAT = 15_000

/** So many signs of life may be missing before the other side counts as gone. */
export const MISSED = 3

/**
 * The messages of a feed, and among them a sign of life every so many milliseconds, whether the
 * feed pauses or not: the follower answers it, and a feed that never pauses must not make it seem
 * dead. Each says how far the follower was told, so that it knows when something was lost. `most` is told with the welcome.
 */
export async function* heartbeats(
  messages: AsyncGenerator<FeedMessage, void, undefined>,
  clock: Clock,
  every: number,
  most: Most = {},
): AsyncGenerator<FeedMessage, void, undefined> {
  let told: number | null = null
  let due = clock.now() + every
  try {
    let next = messages.next()
    for (;;) {
      next.catch(() => {}) // It is awaited again, unless nobody wants the rest.
      const result = await within(next, clock, due - clock.now())
      if (result === "silence") {
        yield { type: "alive", to: told }
        due = clock.now() + every
        continue
      }
      if (result.done) return
      const message = result.value
      if (message.type === "changes") told = message.to
      else told = null // A state is on its way, and with it another position.
      yield message.type === "welcome" ? { ...message, heartbeat: every, most } : message
      next = messages.next()
    }
  } finally {
    messages.return().catch(() => {}) // It may wait for a change that is long in coming.
  }
}

/** What a promise gives, or `"silence"` when it gives nothing in time, or no time is left. */
async function within<T>(promise: Promise<T>, clock: Clock, ms: number): Promise<T | "silence"> {
  if (ms <= 0) return "silence"
  let cancel: () => void = () => {}
  const silence = new Promise<"silence">((resolve) => {
    cancel = clock.after(ms, () => resolve("silence"))
  })
  try {
    return await Promise.race([promise, silence])
  } finally {
    cancel()
  }
}
