import type { ConnectionState, Engine } from "./engine.ts"
import { type LiveContext, LiveResult } from "./live.ts"
import type { StoreStatus } from "./store.ts"
import type { View } from "./view.ts"

/** The live status of a store. */
export class LiveStoreStatus extends LiveResult<StoreStatus> {
  readonly #engine: Engine
  readonly #view: View
  #connection: ConnectionState = "local"
  #told: StoreStatus | undefined

  constructor(context: LiveContext, engine: Engine, view: View) {
    super(context)
    this.#engine = engine
    this.#view = view
  }

  connection(state: ConnectionState): void {
    this.#connection = state
    this.refresh()
  }

  /** Tells the listeners, if the status is another one than they know. */
  refresh(): void {
    const before = this.#told
    if (before !== undefined && this.value() !== before) this.notify()
  }

  override value(): StoreStatus {
    const { name: engine, storage, durability } = this.#engine
    const told = this.#told
    const connection = this.#connection
    const { pending } = this.#view
    if (told?.connection !== connection || told.pending !== pending) {
      this.#told = Object.freeze({ engine, storage, durability, connection, pending })
    }
    return this.#told as StoreStatus
  }

  protected override load(): void {}
  protected override attach(): void {}
  protected override detach(): void {}
}
