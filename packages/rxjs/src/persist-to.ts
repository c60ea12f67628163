import type { InputOf, KindName, Kinds, Op, StoreError, Writer } from "@tidemark/core"
import {
  asapScheduler,
  type MonoTypeOperatorFunction,
  map,
  Observable,
  type SchedulerLike,
} from "rxjs"
import { Persisting } from "./persisting.ts"

/** How an observable is written. */
export interface PersistOptions<T> {
  /** About so many writes go into one batch at most. Default 1000. */
  readonly batch?: number
  /** Who writes; comes back as `change.origin`. */
  readonly origin?: string
  /**
   * Told of each value that the store refuses for what it is, such as `validation_failed`; the
   * others go on. Without it, the first such value ends the observable with its error.
   */
  readonly onRefused?: (error: StoreError, value: T) => void
  /** Says when values no longer come together: by default at the end of the tick. */
  readonly scheduler?: SchedulerLike
}

/**
 * Writes what it is told into a store, under a key of a kind, and tells each value on when it is
 * durable, in order: nothing is written before somebody subscribes. Values that come together are
 * one batch; while it is on its way, the next one gathers, and a source that can wait, such as
 * `changes$`, waits. What has come before a completion or an error is written first.
 *
 * Fails with the StoreError of the store, and with what the source or `key` fails with.
 * Unsubscribing forgets what is not on its way yet.
 *
 * @example
 * readings.pipe(persistTo(store, "readings", ({ sensor }) => sensor)).subscribe(({ id }) => ack(id))
 */
export function persistTo<K extends Kinds, N extends KindName<K>, T extends InputOf<K, N>>(
  store: Writer<K>,
  kind: N,
  key: string | ((value: NoInfer<T>, index: number) => string),
  options?: PersistOptions<NoInfer<T>>,
): MonoTypeOperatorFunction<T>
/**
 * As above, with the writes of each value: one, or several that belong together, or none.
 *
 * @example
 * changes$(store, "*").pipe(persistTo(copy, toOp)).subscribe()
 */
export function persistTo<K extends Kinds, T>(
  store: Writer<K>,
  write: (value: NoInfer<T>, index: number) => Op | readonly Op[],
  options?: PersistOptions<NoInfer<T>>,
): MonoTypeOperatorFunction<T>
export function persistTo<T>(
  store: Writer,
  to: string | Write<T>,
  ...rest: readonly unknown[]
): MonoTypeOperatorFunction<T> {
  const write = typeof to === "string" ? setting(to, rest[0] as Key<T>) : to
  const options = rest[typeof to === "string" ? 1 : 0] as PersistOptions<T> | undefined
  const { batch = 1000, origin, onRefused, scheduler = asapScheduler } = options ?? {}
  const facts = origin === undefined ? {} : { origin }
  return (source) =>
    new Observable((subscriber) => {
      const commit = (ops: readonly Op[]) => store.commit({ ops, ...facts })
      const persisting = new Persisting<T>({ commit, batch, onRefused, scheduler }, subscriber)
      subscriber.add(() => persisting.stop())
      const written = source.pipe(
        map((value, index) => {
          const ops = write(value, index)
          return { value, ops: "type" in ops ? [ops] : ops }
        }),
      )
      subscriber.add(written.subscribe(persisting))
    })
}

type Key<T> = string | ((value: T, index: number) => string)
type Write<T> = (value: T, index: number) => Op | readonly Op[]

function setting<T>(kind: string, key: Key<T>): Write<T> {
  return (value, index) => {
    const name = typeof key === "string" ? key : key(value, index)
    return { type: "set", kind, key: name, value }
  }
}
