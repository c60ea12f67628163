import type { Consumer, Handler } from "../consume.ts"
import type { Store } from "../store.ts"
import { until } from "./claim.ts"

/** Waits until a consumer has taken its place. */
export function started(consumer: Consumer): Promise<void> {
  return reached(consumer, () => consumer.lag.status === "ready")
}

/** Waits until a consumer has nothing more to do. */
export async function caughtUp(consumer: Consumer, store: Store): Promise<void> {
  await started(consumer)
  await reached(consumer, () => consumer.position === store.position && consumer.lag.get() === 0)
}

/** Waits until a condition holds; rejects when the consumer ends before. */
export async function reached(consumer: Consumer, condition: () => boolean): Promise<void> {
  let [isOver, reason]: [boolean, unknown] = [false, new Error("The consumer was closed")]
  consumer.ended.then(
    () => {
      isOver = true
    },
    (error) => {
      isOver = true
      reason = error
    },
  )
  await until(() => isOver || condition())
  if (!condition()) throw reason
}

/** A handler that notes what it sees. */
export function note(seen: string[]): Handler {
  return ({ type, key, replay }) => void seen.push(`${replay ? "replay" : type} ${key}`)
}
