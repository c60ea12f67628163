import type { Kinds, Watcher, WatchOptions } from "@tidemark/core"
import { Observable } from "rxjs"
import type { ChangeOf, TargetIn } from "./change-of.ts"
import { Pace } from "./pace.ts"

/** As for `store.watch`. Unsubscribing takes the place of a signal. */
export interface ChangesOptions extends Omit<WatchOptions, "signal"> {
  /**
   * What was told no longer holds, and a replay of everything there is follows. Only where
   * `onGap` is `"replay"`.
   */
  readonly onReset?: () => void
}

/**
 * The committed changes of a target, in order, each once: first what is there, as a replay
 * (`from: "current"`, the default), then what comes. Give `from: seq` to resume after a position,
 * or `from: "now"` for new changes only. Cold: each subscription reads for itself, from its own
 * beginning. Completes when the store closes. Reads on only as fast as `inTurn` and `persistTo`
 * behind it are done.
 *
 * Fails with a StoreError: `invalid_key` for a bad target, `position_too_old`, `closed`.
 *
 * @example
 * changes$(store, "orders", { from: lastSeq }).subscribe((change) => ship(change.value))
 */
export function changes$<K extends Kinds, const T extends TargetIn<K>>(
  store: Watcher<K>,
  target: T,
  { onReset, ...options }: ChangesOptions = {},
): Observable<ChangeOf<K, T>> {
  return new Observable((subscriber) => {
    const pace = new Pace()
    const watch = store.watch(target, { from: "current", ...options })
    return watch.subscribe({
      next: (change) => pace.tell(subscriber, change as ChangeOf<K, T>),
      ready: () => pace.ready(),
      reset: () => onReset?.(),
      error: (error) => subscriber.error(error),
      complete: () => subscriber.complete(),
    })
  })
}
