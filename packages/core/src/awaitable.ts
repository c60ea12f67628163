/** A value that is here, or on its way. Engines in this process answer at once, others later. */
export type Awaitable<T> = T | Promise<T>

/** Steps that wait for awaitables with `yield*`: written once, run at once or later. */
export type Steps<T> = Generator<Promise<unknown>, T, unknown>

/** Waits for one awaitable inside steps; costs nothing when the value is already here. */
export function* wait<T>(value: Awaitable<T>): Steps<T> {
  return isPromise(value) ? ((yield value) as T) : value
}

/**
 * Runs steps. The result is plain when nothing had to be waited for, else a promise: so one
 * piece of code serves engines that answer at once and engines that do not.
 */
export function run<T>(steps: Steps<T>): Awaitable<T> {
  const first = steps.next()
  return first.done ? first.value : resume(steps, first.value)
}

/** Whether an awaitable is still on its way. */
export function isPromise<T>(value: Awaitable<T>): value is Promise<T> {
  return value instanceof Promise
}

/** Makes something of an awaitable, at once where it is here. */
export function mapped<T, R>(value: Awaitable<T>, map: (value: T) => R): Awaitable<R> {
  return isPromise(value) ? value.then(map) : map(value)
}

/** All of some awaitables: here when each of them is. */
export function together<T>(values: readonly Awaitable<T>[]): Awaitable<readonly T[]> {
  if (!values.some(isPromise)) return values as readonly T[]
  const all = Promise.all(values)
  all.catch(() => {}) // Who waits hears of it.
  return all
}

async function resume<T>(steps: Steps<T>, waitingFor: Promise<unknown>): Promise<T> {
  let next = waitingFor
  for (;;) {
    let step: IteratorResult<Promise<unknown>, T>
    try {
      step = steps.next(await next)
    } catch (error) {
      step = steps.throw(error)
    }
    if (step.done) return step.value
    next = step.value
  }
}
