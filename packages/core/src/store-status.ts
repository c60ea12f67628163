import type { ConnectionState, Engine, Quarantined, StorageFailure } from "./engine.ts"
import type { ErrorRecord } from "./errors.ts"

/** What a store says of itself. */
export interface StoreStatus {
  /** What stores: `"memory"`, `"better-sqlite3"`. */
  readonly engine: string
  readonly storage: Engine["storage"]
  readonly durability: Engine["durability"]
  /** Whether the storage takes writes. While it does not, it is tried again. */
  readonly health: "ok" | "failing"
  /** Why it does not, and since when. */
  readonly failure?: StorageFailure
  readonly connection: ConnectionState
  /** Why, with what to do next, where `connection` is `"incompatible"` or `"denied"`. */
  readonly reason?: ErrorRecord
  /** How many batches are on their way. */
  readonly pending: number
  /** Set when opening found damage and moved the database aside: the store began empty. */
  readonly quarantined?: Quarantined
}
