/** How large the cases are. */
export interface Scale {
  /** How often each side of a case is measured, after one round to warm up. */
  readonly rounds: number
  /** Awaited single sets that reach the disk one by one. */
  readonly fullSets: number
  /** Awaited single sets that do not wait for the disk. */
  readonly sets: number
  /** Sets in one tick. */
  readonly burst: number
  /** Entries of one setMany, and of everything that is read. */
  readonly rows: number
  /** Reads of one entry. */
  readonly gets: number
  /** Keys with a subscriber. */
  readonly subscribers: number
  /** Sets that a subscriber is told of. */
  readonly notices: number
  /** Updates that a live list takes in. */
  readonly updates: number
  /** Changes in the log of a store that has grown large. */
  readonly logRows: number
}

/** What `pnpm bench` measures. */
export const FULL_SCALE: Scale = {
  rounds: 5,
  fullSets: 300,
  sets: 5_000,
  burst: 10_000,
  rows: 100_000,
  gets: 100_000,
  subscribers: 10_000,
  notices: 20_000,
  updates: 2_000,
  logRows: 5_000_000,
}

/** Enough to see that everything runs. */
export const SMOKE_SCALE: Scale = {
  rounds: 1,
  fullSets: 3,
  sets: 5,
  burst: 20,
  rows: 200,
  gets: 50,
  subscribers: 20,
  notices: 5,
  updates: 5,
  logRows: 500,
}

/** One round of one side: sets up, measures, cleans up; gives milliseconds for one unit of work. */
export type Side = (scale: Scale) => number | Promise<number>

/** Something measured on both sides. */
export interface Case {
  readonly what: string
  /** What the floor is. */
  readonly floorName: string
  /** What ours runs on. */
  readonly engine: "better-sqlite3" | "memory"
  /** What an acknowledged write survives; `"none"` where nothing is written to a file. */
  readonly durability: "full" | "process" | "none"
  /** What one figure is the time of: one of many operations, or all of them. */
  readonly per: "operation" | "whole"
  readonly floor: Side
  readonly ours: Side
}

/** Milliseconds that some work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
