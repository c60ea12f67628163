import type { Clock, StoreError } from "@tidemark/core"
import type { Engine, StampedBatch } from "@tidemark/core/engine"
import type { Channel } from "./channel.ts"
import type { Follow } from "./follow.ts"
import type { Progress } from "./snapshot-parts.ts"

/** Where a replica keeps itself between runs. Two engines, because the base has another store's sequence. */
export interface ReplicaStorage {
  readonly base: Engine
  readonly outbox: Engine
}

export interface ReplicaOptions {
  readonly channel: Channel
  readonly follow: Follow
  /** The versions of the schemas that it can read. */
  readonly schemas: Readonly<Record<string, number>>
  readonly storage: ReplicaStorage | undefined
  readonly clock: Clock
  readonly random: () => number
  readonly deadline: number
  readonly onProgress: (progress: Progress) => void
  readonly onRefused: ((error: StoreError, batch: StampedBatch) => void) | undefined
}
