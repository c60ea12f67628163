import type { InspectedStore } from "./devtools.ts"
import type { Inspector } from "./inspector.ts"
import { Refreshed } from "./refreshed.ts"

/** A kind and how many entries it has. */
export interface KindCount {
  readonly kind: string
  readonly count: number
}

/** The kinds of a store with their counts; updates do not change them. */
export function kindCounts(inspector: Inspector): Refreshed<readonly KindCount[]> {
  return new Refreshed(
    inspector,
    () => readCounts(inspector.store),
    (change) => change?.type !== "update",
  )
}

async function readCounts(store: InspectedStore): Promise<readonly KindCount[]> {
  const counts: KindCount[] = []
  for (const kind of await store.kinds()) counts.push({ kind, count: await store.count(kind) })
  return counts
}
