import { type ConsumeOptions, type Consumer, checkConsume, type Handler } from "./consume.ts"
import { type ConsumerContext, StoreConsumer } from "./consumer.ts"
import { checkFunction } from "./options.ts"
import type { Store } from "./store.ts"
import type { Target } from "./target.ts"

/** The consumers that run in a store, or in a scope, and in the scopes inside. */
export class Consumers {
  readonly #context: Omit<ConsumerContext, "store">
  readonly #outer: Consumers | undefined
  readonly #running = new Set<Consumer>()

  /** `outer`: those of the store, or the scope, around this one; they end when it closes, too. */
  constructor(context: Omit<ConsumerContext, "store">, outer?: Consumers) {
    this.#context = context
    this.#outer = outer
  }

  /** How many run. */
  get size(): number {
    return this.#running.size
  }

  /** Starts one. @throws StoreError `invalid_key`, `invalid_value` */
  start(
    store: Store,
    name: string,
    target: Target,
    handler: Handler,
    options: ConsumeOptions = {},
  ): Consumer {
    checkConsume(name, options)
    checkFunction("The handler of a consumer", handler, "(change, tx) => …")
    const consumer = new StoreConsumer({ ...this.#context, store }, name, target, handler, options)
    this.add(consumer)
    return consumer
  }

  /** Takes one of a scope inside as its own. */
  add(consumer: Consumer): void {
    this.#outer?.add(consumer)
    this.#running.add(consumer)
    const forget = () => void this.#running.delete(consumer)
    consumer.ended.then(forget, forget)
  }

  /** Ends all, and waits for their handlers. */
  async close(): Promise<void> {
    while (this.size > 0) {
      await Promise.all([...this.#running].map((consumer) => consumer.close()))
    }
  }
}
