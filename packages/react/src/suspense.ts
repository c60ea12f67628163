import { type Live, systemClock } from "@tidemark/core"
import { presentStore, type Surroundings } from "./context.ts"

/**
 * How long what was read is kept current, in milliseconds, for components that are not mounted
 * before everything else beside them has been read too. Begun anew for each, it would never end.
 */
const KEPT = 30_000

/** What components wait for, each live result once: it is kept alive until it has been read. */
const waiting = new WeakMap<Live<unknown>, Promise<void>>()

/**
 * Lets a component wait until there is something to draw: for the store, then for what it reads.
 *
 * @throws the promise that React waits for; why a result cannot be read; StoreError
 * `storage_unavailable` where no store will come, as on a server, which then leaves it to the client.
 */
export function waitForLive(
  { store, opening }: Surroundings,
  live: Live<unknown> | undefined,
  what: string,
): void {
  if (live === undefined) {
    // A server does not wait: it has no screen to draw again.
    if (opening !== undefined && typeof document !== "undefined") throw opening
    presentStore(store, `${what} cannot be read`)
    return
  }
  live.get() // Begins to read.
  if (live.status === "failed") throw live.error
  if (live.status === "loading") throw read(live)
}

function read(live: Live<unknown>): Promise<void> {
  const known = waiting.get(live)
  if (known !== undefined) return known
  // Who waits is not mounted, and has no subscription of its own.
  const stop = live.subscribe(() => {})
  const done = () => waiting.delete(live)
  const promise = live.ready.then(
    () => {
      systemClock.after(KEPT, stop)
      done()
    },
    () => {
      stop() // So that it is read anew when somebody tries again.
      done()
    },
  )
  waiting.set(live, promise)
  return promise
}
