import type { Observer, Subscription } from "../watch.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, same, until } from "./claim.ts"

/** What an observer that says when it is ready must be able to count on: Z5, Z6. */
export const pacingCases: readonly ContractCase[] = [
  contractCase(
    "Z5 an observer that is not ready is told nothing until it is, and then everything",
    async (store) => {
      const slow = new SlowObserver()
      store.watch("u", { from: store.position, buffer: 10 }).subscribe(slow)
      for (let n = 0; n < 30; n++) await store.setMany("u", numbered(n, 5))
      await until(() => slow.waits === 1)
      const first = slow.values.length
      holds(first >= 5 && first <= 15, "about a buffer of whole batches")
      await store.set("u", "last", 150)
      same(slow.values.length, first)
      for (let waits = 1; slow.values.length < 151; waits++) {
        slow.answer()
        await until(() => slow.waits > waits)
      }
      same(
        slow.values,
        Array.from({ length: 151 }, (_, value) => value),
      )
    },
  ),
  contractCase(
    "Z6 an observer that ends its watch while it is not ready hears nothing more",
    async (store) => {
      const slow = new SlowObserver()
      const other: number[] = []
      const subscription = store.watch("u", { buffer: 1 }).subscribe(slow)
      store.watch("u").subscribe(({ value }) => other.push(value as number))
      await store.setMany("u", numbered(0, 2))
      await until(() => slow.waits === 1)
      await store.set("u", "more", 2)
      subscription.unsubscribe()
      slow.answer()
      await until(() => other.length === 3)
      same(slow.values, [0, 1])
    },
  ),
  contractCase("Z17 close does not wait for an observer that is not ready", async (_, open) => {
    const store = await open()
    const slow = new SlowObserver()
    const subscription: Subscription = store.watch("u").subscribe(slow)
    await store.setMany("u", numbered(0, 2))
    await until(() => slow.waits === 1)
    await store.close()
    same([slow.values, slow.ended, subscription.closed], [[0, 1], false, false])
    slow.answer()
    await until(() => slow.ended)
  }),
]

/** Is ready when a case says so. */
class SlowObserver implements Observer {
  readonly values: number[] = []
  /** How often it was asked whether it is ready. */
  waits = 0
  ended = false
  answer: () => void = () => {}

  next({ value }: { readonly value: unknown }): void {
    this.values.push(value as number)
  }

  ready(): Promise<void> {
    this.waits++
    return new Promise((resolve) => {
      this.answer = resolve
    })
  }

  error(): void {
    this.ended = true
  }

  complete(): void {
    this.ended = true
  }
}

/** The n-th few entries, with the numbers from there on. */
function numbered(n: number, size: number): [string, number][] {
  return Array.from({ length: size }, (_, k) => [`k${k}`, n * size + k])
}
