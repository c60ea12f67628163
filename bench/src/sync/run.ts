import { loadavg } from "node:os"
import { removeFiles } from "../folder.ts"
import { describeHost, type Host } from "../machine.ts"
import { type InBrowser, measureInBrowser } from "./opfs/run.ts"
import { measureRoundTrips, type RoundTrips } from "./round-trips.ts"
import type { SyncScale } from "./scale.ts"
import { type FirstState, measureFirstState } from "./snapshots.ts"
import { measureStreams, type Streams } from "./streams.ts"

/** Everything one run has found. */
export interface SyncResults {
  readonly date: string
  readonly host: Host
  /** What else the machine had to do: its load in the last minute, before and after. */
  readonly load: readonly [before: number, after: number]
  readonly scale: SyncScale
  readonly roundTrips: readonly RoundTrips[]
  readonly firstState: FirstState
  readonly streams: Streams
  readonly inBrowser: InBrowser
}

/** Measures what crosses a boundary: a thread's, a server's, a tab's. */
export async function runSync(
  scale: SyncScale,
  progress: (text: string) => void,
): Promise<SyncResults> {
  const date = new Date().toISOString()
  const [before = 0] = loadavg()
  try {
    const roundTrips = await measureRoundTrips(scale.roundTrips, progress)
    const firstState = await measureFirstState(scale.places, scale.snapshots, progress)
    const streams = await measureStreams(scale.streams, scale.changes, progress)
    const inBrowser = await measureInBrowser(scale, progress)
    const [after = 0] = loadavg()
    const load = [before, after] as const
    return { date, host: describeHost(), load, scale, roundTrips, firstState, streams, inBrowser }
  } finally {
    removeFiles()
  }
}
