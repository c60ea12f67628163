import type { KindName, Kinds, ValueOf, Watcher } from "@tidemark/core"
import type { Observable } from "rxjs"
import { live$ } from "./live.ts"

/**
 * The value of one key, `undefined` where there is no entry: now, and after each change. Own
 * writes show at once; states in between may be skipped. Waits while the store still reads the
 * key. Completes when the store closes.
 *
 * Fails with a StoreError: `invalid_key`, `not_found` (strict), `closed`, or why it cannot be read.
 *
 * @example
 * key$(store, "users", "alice").subscribe((alice) => render(alice?.name))
 */
export function key$<K extends Kinds, N extends KindName<K>>(
  store: Watcher<K>,
  kind: N,
  key: string,
): Observable<ValueOf<K, N> | undefined> {
  return live$(() => store.live(kind, key))
}
