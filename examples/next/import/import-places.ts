import type { AtlasStore } from "../atlas/kinds.ts"
import type { Cities } from "./cities.ts"

/** So many places are written as one batch: one fsync each. */
const BATCH = 2_000

const RUN = ["imports", "places"] as const

/** What an import did. */
export interface Imported {
  /** How many places the store has now. */
  readonly rows: number
  /** How many of them were written by this run. */
  readonly written: number
}

/** Whether the store has all places of a source. */
export async function isImported(store: AtlasStore, source: string): Promise<boolean> {
  const run = await store.get(...RUN)
  return run?.source === source && run.done
}

/**
 * Writes places to the store, in order and in whole batches, so that a run which was interrupted
 * goes on where it stopped. Another source than last time replaces all places.
 */
export async function importPlaces(
  store: AtlasStore,
  { source, places }: Cities,
  onProgress: (rows: number) => void = () => {},
): Promise<Imported> {
  const before = await store.get(...RUN)
  if (before?.source === source && before.done) return { rows: before.rows, written: 0 }
  if (before?.source !== source) {
    await removePlaces(store)
    await store.set(...RUN, { source, rows: places.length, done: false })
  }
  const start = await store.count("places")
  onProgress(start)
  for (let from = start; from < places.length; from += BATCH) {
    const batch = places.slice(from, from + BATCH)
    await store.setMany("places", batch)
    onProgress(from + batch.length)
  }
  await store.set(...RUN, { source, rows: places.length, done: true })
  return { rows: places.length, written: places.length - start }
}

/** Takes away the places of another source; what people said of them stays. */
async function removePlaces(store: AtlasStore): Promise<void> {
  const keys = await store.keys("places")
  if (keys.length === 0) return
  // No source's any more: should this be interrupted, the next run removes the rest.
  await store.set(...RUN, { source: "", rows: 0, done: false })
  for (let from = 0; from < keys.length; from += BATCH) {
    const batch = keys.slice(from, from + BATCH)
    await store.commit({ ops: batch.map((key) => ({ type: "delete", kind: "places", key })) })
  }
}
