import { type Change, type Entry, StoreError } from "@tidemark/core"
import {
  asapScheduler,
  Observable,
  type OperatorFunction,
  type SchedulerLike,
  type Subscription,
} from "rxjs"

/**
 * Folds the changes of one kind into its entries by key. Changes that come together, such as the
 * initial replay or a batch, give one map; each map is a new one and stays as it is. For a list
 * on a screen `kind$` is cheaper.
 *
 * Fails with a StoreError `unsupported` when a second kind comes along, because two kinds may use
 * the same key.
 *
 * @param scheduler Says when changes no longer come together: by default at the end of the tick.
 * @example
 * changes$(store, "users").pipe(toEntries()).subscribe((users) => print(users.size))
 */
export function toEntries<V>(
  scheduler: SchedulerLike = asapScheduler,
): OperatorFunction<Change<V>, ReadonlyMap<string, Entry<V>>> {
  return (changes) =>
    new Observable((subscriber) => {
      let entries: ReadonlyMap<string, Entry<V>> = new Map()
      let kind: string | undefined
      let waiting: Change<V>[] = []
      let emission: Subscription | undefined

      const emit = () => {
        emission?.unsubscribe()
        if (waiting.length === 0) return
        entries = folded(entries, waiting)
        waiting = []
        subscriber.next(entries)
      }
      const fail = (error: unknown) => {
        emit()
        subscriber.error(error)
      }

      subscriber.add(() => emission?.unsubscribe())
      subscriber.add(
        changes.subscribe({
          next(change) {
            kind ??= change.kind
            if (change.kind !== kind) return fail(secondKind(kind, change.kind))
            waiting.push(change)
            if (waiting.length === 1) emission = scheduler.schedule(emit)
          },
          error: fail,
          complete() {
            emit()
            subscriber.complete()
          },
        }),
      )
    })
}

function folded<V>(
  entries: ReadonlyMap<string, Entry<V>>,
  changes: readonly Change<V>[],
): ReadonlyMap<string, Entry<V>> {
  const next = new Map(entries)
  for (const { type, kind, key, value, version, seq, at, expiresAt } of changes) {
    const end = expiresAt === undefined ? {} : { expiresAt }
    if (type === "delete") next.delete(key)
    else next.set(key, { kind, key, value, version, seq, updatedAt: at, ...end })
  }
  return next
}

function secondKind(first: string, second: string): StoreError {
  return new StoreError(
    "unsupported",
    `toEntries() folds one kind, and got ${first} and ${second}`,
    {
      details: { kinds: [first, second] },
      hint: "Choose one with ofKind() first, or use one toEntries() for each",
    },
  )
}
