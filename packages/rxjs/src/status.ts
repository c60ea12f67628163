import type { Kinds, Store, StoreStatus } from "@tidemark/core"
import type { Observable } from "rxjs"
import { live$ } from "./live.ts"

/**
 * What a store says of itself, now and after each change: where it stores, its connection, how
 * many writes are on their way. Completes when the store closes.
 *
 * @example
 * status$(store).subscribe(({ connection, pending }) => badge(connection, pending))
 */
export function status$<K extends Kinds>(store: Store<K>): Observable<StoreStatus> {
  return live$(() => store.status)
}
