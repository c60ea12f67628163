import type { Change } from "@tidemark/core"
import type { Inspector } from "./inspector.ts"
import { Refreshed } from "./refreshed.ts"

/** The kept changes of one entry, newest first, at most `limit`. */
export function entryHistory(
  inspector: Inspector,
  kind: string,
  key: string,
  limit: number,
): Refreshed<readonly Change[]> {
  return new Refreshed(
    inspector,
    () => inspector.store.history(kind, key, { limit }),
    (change) => change?.kind === kind && change.key === key,
  )
}
