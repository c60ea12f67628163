import { closeAtlas } from "./atlas.ts"

/** What a process ends with that was told to by a signal: 128 and the signal's number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const

/** How long answers on their way may take to get out, in milliseconds. */
const FAREWELL = 250

/**
 * Closes the store when the process is told to stop, then leaves. Next alone would wait for the
 * last open connection, and browsers that follow never close theirs. A server whose starter has
 * died stops too.
 */
export function stopWithUs(): void {
  for (const [signal, code] of Object.entries(SIGNALS)) process.once(signal, () => close(code))
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"))
}

async function close(code: number): Promise<void> {
  try {
    await closeAtlas()
  } catch (error) {
    console.error(error)
  }
  setTimeout(() => process.exit(code), FAREWELL)
}
