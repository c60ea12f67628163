import type { ConnectionState, Engine, Quarantined, StorageFailure } from "./engine.ts"
import type { ErrorRecord } from "./errors.ts"
import { type LiveContext, LiveResult } from "./live.ts"
import type { StoreStatus } from "./store-status.ts"
import type { View } from "./view.ts"

/** The live status of a store. */
export class LiveStoreStatus extends LiveResult<StoreStatus> {
  readonly #engine: Engine
  readonly #view: View
  #connection: ConnectionState = "local"
  #reason: ErrorRecord | undefined
  #failure: StorageFailure | undefined
  #quarantined: Quarantined | undefined
  #told: StoreStatus | undefined

  constructor(context: LiveContext, engine: Engine, view: View) {
    super(context)
    this.#engine = engine
    this.#view = view
  }

  /** Tells that the store began empty because what was there was damaged. */
  quarantined(quarantined: Quarantined): void {
    this.#quarantined = quarantined
  }

  connection(state: ConnectionState, reason?: ErrorRecord): void {
    this.#connection = state
    this.#reason = reason
    this.refresh()
  }

  health(failure: StorageFailure | undefined): void {
    this.#failure = failure
    this.refresh()
  }

  /** Tells the listeners, if the status is another one than they know. */
  refresh(): void {
    const before = this.#told
    if (before !== undefined && this.value() !== before) this.notify()
  }

  override value(): StoreStatus {
    const told = this.#told
    const connection = this.#connection
    const reason = this.#reason
    const failure = this.#failure
    const { pending } = this.#view
    const isConnected = told?.connection === connection && told.reason === reason
    if (!isConnected || told?.pending !== pending || told.failure !== failure) {
      const { name: engine, storage, durability } = this.#engine
      const quarantined = this.#quarantined
      const facts = {
        engine,
        storage,
        durability,
        connection,
        ...(reason === undefined ? {} : { reason }),
        pending,
        ...(quarantined === undefined ? {} : { quarantined }),
      }
      this.#told = Object.freeze(
        failure === undefined
          ? { ...facts, health: "ok" }
          : { ...facts, health: "failing", failure },
      )
    }
    return this.#told as StoreStatus
  }

  protected override load(): void {}
  protected override attach(): void {}
  protected override detach(): void {}
}
