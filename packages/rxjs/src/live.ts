import type { Live } from "@tidemark/core"
import { Observable } from "rxjs"

/**
 * A live result as an observable: its value as soon as it is known, then each other value.
 * Completes when the store closes, and fails when the result cannot be read, or no longer. The live
 * result is opened by each subscription, so that nothing is held before and after.
 */
export function live$<T>(open: () => Live<T>): Observable<T> {
  return new Observable((subscriber) => {
    const live = open()
    let told: { readonly value: T } | undefined
    const tell = () => {
      const value = live.get()
      const { status } = live
      // A store that closes before it has read the result never knew it.
      const known = status === "ready" || (status === "closed" && told !== undefined)
      if (known && (told === undefined || told.value !== value)) {
        told = { value }
        subscriber.next(value)
      }
      if (status === "closed") subscriber.complete()
      if (status === "failed") subscriber.error(live.error)
    }
    subscriber.add(live.subscribe(tell))
    tell()
  })
}
