import { type Op, StoreError } from "@tidemark/core"
import {
  from,
  type ObservableInput,
  type Observer,
  type SchedulerLike,
  type Subscriber,
  type Subscription,
} from "rxjs"
import { hold, Pace } from "./pace.ts"

/** A value and its writes. */
export interface Written<T> {
  readonly value: T
  readonly ops: readonly Op[]
}

/** Where values go, and how. */
export interface PersistingOptions<T> {
  commit(ops: readonly Op[]): ObservableInput<unknown>
  readonly batch: number
  readonly onRefused: ((error: StoreError, value: T) => void) | undefined
  readonly scheduler: SchedulerLike
}

interface Waiting<T> extends Written<T> {
  readonly release: () => void
}

/** The course of what is written: values gather, one batch is on its way, and then they are told. */
export class Persisting<T> implements Observer<Written<T>> {
  readonly #options: PersistingOptions<T>
  readonly #subscriber: Subscriber<T>
  #queue: Waiting<T>[] = []
  /** What is on its way, or told and not done with yet. */
  #underWay: readonly Waiting<T>[] | undefined
  /** How many values the next batches have, while one is looked for that is refused. */
  #sizes: readonly number[] = []
  #flush: Subscription | undefined
  #tellEnd: (() => void) | undefined
  #isStopped = false

  constructor(options: PersistingOptions<T>, subscriber: Subscriber<T>) {
    this.#options = options
    this.#subscriber = subscriber
  }

  next(written: Written<T>): void {
    this.#queue.push({ ...written, release: hold() })
    if (this.#underWay !== undefined || this.#queue.length > 1) return
    this.#flush = this.#options.scheduler.schedule(() => this.#write())
  }

  error(error: unknown): void {
    this.#end(() => this.#subscriber.error(error))
  }

  complete(): void {
    this.#end(() => this.#subscriber.complete())
  }

  /** Writes nothing more. Others may follow the same source, and go on. */
  stop(): void {
    this.#isStopped = true
    this.#flush?.unsubscribe()
    for (const { release } of [...(this.#underWay ?? []), ...this.#queue]) release()
    this.#queue = []
  }

  #end(tell: () => void): void {
    this.#tellEnd = tell
    this.#flush?.unsubscribe()
    if (this.#underWay === undefined) this.#write()
  }

  #write(): void {
    if (this.#isStopped) return
    const values = this.#queue.splice(0, this.#nextSize())
    if (values.length === 0) return this.#tellEnd?.()
    this.#underWay = values
    const ops = values.flatMap((value) => value.ops)
    if (ops.length === 0) return this.#tell(values)
    from(this.#options.commit(ops)).subscribe({
      complete: () => this.#tell(values),
      error: (error) => this.#failed(values, error),
    })
  }

  #nextSize(): number {
    const [size, ...others] = this.#sizes
    this.#sizes = others
    if (size !== undefined) return size
    let ops = 0
    const end = this.#queue.findIndex((value) => {
      ops += Math.max(1, value.ops.length)
      return ops >= this.#options.batch
    })
    return end < 0 ? this.#queue.length : end + 1
  }

  #tell(values: readonly Waiting<T>[]): void {
    const pace = new Pace()
    for (const { value } of values) pace.tell(this.#subscriber, value)
    pace.whenFree(() => this.#goOn(values))
  }

  #goOn(values: readonly Waiting<T>[]): void {
    this.#underWay = undefined
    for (const { release } of values) release()
    this.#write()
  }

  #failed(values: readonly Waiting<T>[], error: unknown): void {
    if (this.#isStopped) return
    const isRefusal = StoreError.is(error) && !StoreError.is(error, ...OF_THE_STORE)
    const { onRefused } = this.#options
    if (isRefusal && values.length > 1) {
      const half = values.length >> 1
      this.#sizes = [half, values.length - half, ...this.#sizes]
      this.#queue.unshift(...values)
      return this.#write()
    }
    const [refused] = values
    if (!isRefusal || refused === undefined || onRefused === undefined) {
      return this.#subscriber.error(error)
    }
    try {
      onRefused(error, refused.value)
    } catch (thrown) {
      return this.#subscriber.error(thrown)
    }
    this.#goOn(values)
  }
}

/** What is no fault of a value: another one would meet it too. */
const OF_THE_STORE = [
  "aborted",
  "busy",
  "closed",
  "corrupt",
  "protocol_mismatch",
  "read_only",
  "storage_unavailable",
] as const
