import type { Kinds, Store, WatchOptions } from "@tidemark/core"
import { Observable } from "rxjs"
import type { ChangeOf, TargetIn } from "./change-of.ts"

/** As for `store.watch`. Unsubscribing takes the place of a signal. */
export type ChangesOptions = Omit<WatchOptions, "signal">

/**
 * The committed changes of a target, in order, each once: first what is there, as a replay
 * (`from: "current"`, the default), then what comes. Give `from: seq` to resume after a position,
 * or `from: "now"` for new changes only. Cold: each subscription reads for itself, from its own
 * beginning. Completes when the store closes.
 *
 * Fails with a StoreError: `invalid_key` for a bad target, `position_too_old`, `closed`.
 *
 * @example
 * changes$(store, "orders", { from: lastSeq }).subscribe((change) => ship(change.value))
 */
export function changes$<K extends Kinds, const T extends TargetIn<K>>(
  store: Store<K>,
  target: T,
  options: ChangesOptions = {},
): Observable<ChangeOf<K, T>> {
  return new Observable((subscriber) => {
    const watch = store.watch(target, { from: "current", ...options })
    return watch.subscribe({
      next: (change) => subscriber.next(change as ChangeOf<K, T>),
      error: (error) => subscriber.error(error),
      complete: () => subscriber.complete(),
    })
  })
}
