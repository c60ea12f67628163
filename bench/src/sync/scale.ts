/** How much is measured. */
export interface SyncScale {
  /** Awaited writes on each channel, with a bare ping before each. */
  readonly roundTrips: number
  /** Places of the first state; there may be fewer. */
  readonly places: number
  /** How often the first state is fetched, on both sides. */
  readonly snapshots: number
  /** Event streams of one server. */
  readonly streams: number
  /** Changes that each stream is told. */
  readonly changes: number
  /** Awaited single sets in a browser, and those of one tick. */
  readonly sets: number
  readonly burst: number
  /** Entries that a page finds when it is opened. */
  readonly rows: number
  /** How often each store of a browser is measured. */
  readonly rounds: number
}

/** What `pnpm bench:sync` measures. */
export const FULL: SyncScale = {
  roundTrips: 2_000,
  places: Number.MAX_SAFE_INTEGER,
  snapshots: 5,
  streams: 1_000,
  changes: 1_000,
  sets: 300,
  burst: 10_000,
  rows: 10_000,
  rounds: 5,
}

/** Enough to see that everything runs. */
export const SMOKE: SyncScale = {
  roundTrips: 5,
  places: 300,
  snapshots: 1,
  streams: 10,
  changes: 20,
  sets: 5,
  burst: 50,
  rows: 50,
  rounds: 1,
}
