import {
  defer,
  finalize,
  map,
  mergeMap,
  Observable,
  type ObservableInput,
  type ObservedValueOf,
  type OperatorFunction,
} from "rxjs"
import { hold, Pace } from "./pace.ts"

/**
 * As RxJS's `concatMap`, but the source waits: `changes$` reads on only when what it has told is
 * done with, so that a million changes and slow work cost the memory of a page, and none is lost.
 * With a `concurrency` above 1 as `mergeMap`: so many at once, begun in order.
 *
 * Between the source and this operator may stand what passes values on at once, such as `map`,
 * `filter` and `ofType`, and other `inTurn` and `persistTo`. What comes through something that
 * passes on later, such as `delay`, or from a source that cannot wait, is kept until its turn.
 *
 * @example
 * changes$(store, "orders", { from: seq }).pipe(inTurn((order) => ship(order))).subscribe()
 */
export function inTurn<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  concurrency = 1,
): OperatorFunction<T, ObservedValueOf<O>> {
  return (source) =>
    new Observable((subscriber) => {
      const holds = new Set<() => void>()
      // Others may follow the same source, and go on.
      subscriber.add(() => {
        for (const release of holds) release()
      })
      const taken = source.pipe(
        map((value) => {
          const release = hold()
          holds.add(release)
          return { value, release }
        }),
      )
      const done = taken.pipe(
        mergeMap(({ value, release }, index) => {
          const results = defer(() => project(value, index)) as Observable<ObservedValueOf<O>>
          return paced(results).pipe(
            finalize(() => {
              holds.delete(release)
              release()
            }),
          )
        }, concurrency),
      )
      subscriber.add(done.subscribe(subscriber))
    })
}

/** The same values; it completes when what came of them is done with. */
function paced<T>(values: Observable<T>): Observable<T> {
  return new Observable((subscriber) => {
    const pace = new Pace()
    return values.subscribe({
      next: (value) => pace.tell(subscriber, value),
      error: (error) => subscriber.error(error),
      complete: () => pace.whenFree(() => subscriber.complete()),
    })
  })
}
