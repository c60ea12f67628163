import type { EntryOf, KindName, Kinds, Watcher } from "@tidemark/core"
import type { Observable } from "rxjs"
import { live$ } from "./live.ts"

/**
 * As `key$`, with the facts of the entry, such as `version` and `pending`: another one also when
 * only these have changed.
 *
 * Fails with a StoreError: `invalid_key`, `not_found` (strict), `closed`, or why it cannot be read.
 *
 * @example
 * entry$(store, "users", "alice").subscribe((alice) => badge(alice?.pending))
 */
export function entry$<K extends Kinds, N extends KindName<K>>(
  store: Watcher<K>,
  kind: N,
  key: string,
): Observable<EntryOf<K, N> | undefined> {
  return live$(() => store.liveEntry(kind, key))
}
