import { kept } from "./kept.ts"

/** Ends something, when the process is told to stop. */
export type Closing = () => Promise<void>

/** What a process ends with that was told to by a signal: 128 and the signal's number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const

/** How long answers on their way may take to get out when all is closed, in milliseconds. */
const FAREWELL = 500

/**
 * Closes something when the process is told to stop, and then leaves: Next alone would wait for
 * connections that browsers keep open for ever. Not where the application says that it handles
 * signals itself, with Next's `NEXT_MANUAL_SIG_HANDLE`.
 */
export function closeWithProcess(closing: Closing): void {
  kept("departure", listen).add(closing)
}

function listen(): Set<Closing> {
  const closings = new Set<Closing>()
  if (process.env.NEXT_MANUAL_SIG_HANDLE) return closings
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.once(signal, () => leave(closings, code))
  }
  return closings
}

async function leave(closings: ReadonlySet<Closing>, code: number): Promise<void> {
  const ended = await Promise.allSettled(Array.from(closings, (closing) => closing()))
  for (const result of ended) {
    // biome-ignore lint/suspicious/noConsole: a server that stops has nobody else to tell.
    if (result.status === "rejected") console.error(result.reason)
  }
  setTimeout(() => process.exit(code), FAREWELL)
}
