import type { EntryOf, KindName, Kinds, Query, ValueOf, Watcher } from "@tidemark/core"
import type { Observable } from "rxjs"
import { live$ } from "./live.ts"

/**
 * The entries that a query finds, all of the kind without one: now, and after each change.
 * Unchanged entries stay the same objects. Own writes show at once; states in between may be
 * skipped. Waits while the store still reads the list. Completes when the store closes.
 *
 * Fails with a StoreError: `invalid_value` for a query that cannot be read, `invalid_key`,
 * `not_found` (strict), `closed`, or why it cannot be read.
 *
 * @example
 * kind$(store, "tasks", { where: { done: false }, orderBy: "due", limit: 50 }).subscribe(render)
 */
export function kind$<K extends Kinds, N extends KindName<K>>(
  store: Watcher<K>,
  kind: N,
  query?: Query<ValueOf<K, N>>,
): Observable<readonly EntryOf<K, N>[]> {
  return live$(() => store.liveList(kind, query))
}
