import { type ConsumeOptions, type Consumer, checkConsume, type Handler } from "./consume.ts"
import { type ConsumerContext, StoreConsumer } from "./consumer.ts"
import type { Store } from "./store.ts"
import type { Target } from "./target.ts"

/** The consumers that run in a store and in its scopes. */
export class Consumers {
  readonly #context: Omit<ConsumerContext, "store">
  readonly #running = new Set<Consumer>()

  constructor(context: Omit<ConsumerContext, "store">) {
    this.#context = context
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
    const consumer = new StoreConsumer({ ...this.#context, store }, name, target, handler, options)
    this.#running.add(consumer)
    const forget = () => void this.#running.delete(consumer)
    consumer.ended.then(forget, forget)
    return consumer
  }

  /** Ends all, and waits for their handlers. */
  async close(): Promise<void> {
    while (this.size > 0) {
      await Promise.all([...this.#running].map((consumer) => consumer.close()))
    }
  }
}
