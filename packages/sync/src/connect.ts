import {
  type Batch,
  type Kinds,
  type Op,
  type Store,
  StoreError,
  type StoreOptions,
  systemClock,
} from "@tidemark/core"
import { checkOptions, openStoreAtOnce, STORE_OPTIONS, storedFacts } from "@tidemark/core/engine"
import type { Channel } from "./channel.ts"
import { DEADLINE } from "./deadlines.ts"
import { type FollowTarget, followOf, schemasOf } from "./follow.ts"
import { ReplicaEngine } from "./replica.ts"
import type { ReplicaStorage } from "./replica-options.ts"
import type { Progress } from "./snapshot-parts.ts"

export interface ConnectOptions<K extends Kinds = Kinds> extends StoreOptions<K> {
  /**
   * What to follow: kinds, or parts of them, each kind once; all that the authority lets us see when
   * not given.
   */
  readonly follow?: readonly (string | FollowTarget)[]
  /** Where to keep the base and the outbox between runs; in memory when not given. */
  readonly storage?: ReplicaStorage
  /** Hears how far a first state has come, in rows. */
  readonly onProgress?: (progress: Progress) => void
  /** Hears of writes of an earlier run that the authority has refused; those of this run reject their promise. Default: as `onError`. */
  readonly onRefused?: (error: StoreError, batch: Batch) => void
  /** How long a hello or a write may wait for its answer before the link counts as lost, in milliseconds. Default 45,000. */
  readonly deadline?: number
  /** Random numbers from 0 to 1 for the spread of retries. */
  readonly random?: () => number
}

/**
 * A store that follows another one through a channel. It answers from its own copy, shows its own
 * writes at once, and sends them when it can: retried for ever, each applied once.
 *
 * @throws StoreError `invalid_value` for what is no channel, and for options that cannot be read.
 * @example
 * const store = connect(httpChannel("/api/tidemark"), { kinds })
 * const part = connect(channel, { follow: ["users", { kind: "orders", where: { open: true } }] })
 */
export function connect<K extends Kinds = Kinds>(
  channel: Channel,
  options: ConnectOptions<K> = {},
): Store<K> {
  checkChannel(channel)
  checkOptions("connect()", options, CONNECT_OPTIONS)
  const {
    follow,
    storage,
    random = Math.random,
    clock = systemClock,
    deadline = DEADLINE,
  } = options
  const onRefused = options.onRefused
  const engine = new ReplicaEngine({
    channel,
    follow: followOf(follow),
    schemas: schemasOf(options.kinds),
    storage,
    clock,
    random,
    deadline,
    onProgress: options.onProgress ?? (() => {}),
    onRefused: onRefused && ((error, batch) => onRefused(error, readBatch(store, batch))),
  })
  const store = openStoreAtOnce(engine, options)
  engines.set(store, engine)
  return store
}

/**
 * Lets a replica try at once to reach its authority: after a sign-in, where `status` says
 * `connection: "denied"` and the replica has stopped, or when the network is known to be back.
 * Nothing that it has, or owes, is lost meanwhile. Where it is connected, nothing happens.
 *
 * @throws StoreError `unsupported` for a store that `connect` has not given.
 * @example
 * await signIn()
 * reconnect(store)
 */
export function reconnect(store: object): void {
  const engine = engines.get(store)
  if (engine !== undefined) return engine.reconnect()
  throw new StoreError("unsupported", "Only a store of connect() has an authority to reach", {
    hint: "Give the store itself, as connect() gave it",
  })
}

/** What each replica's store stands on. */
const engines = new WeakMap<object, ReplicaEngine>()

/** A batch with the values that its writer gave; one that cannot be read here is left out. */
function readBatch(store: object, batch: Batch): Batch {
  const { unpack } = storedFacts(store)
  const ops = batch.ops.flatMap((op): readonly Op[] => {
    if (op.type !== "set") return [op]
    try {
      return [{ ...op, value: unpack(op, op.value) }]
    } catch {
      return []
    }
  })
  return { ...batch, ops }
}

const CONNECT_OPTIONS: readonly string[] = [
  ...STORE_OPTIONS,
  "follow",
  "storage",
  "onProgress",
  "onRefused",
  "deadline",
  "random",
]

function checkChannel(channel: unknown): void {
  if (typeof (Object(channel) as Partial<Channel>).open === "function") return
  throw new StoreError("invalid_value", "What connect() was given is no channel", {
    hint: "Make one of the address, the port or the socket: connect(httpChannel(url))",
  })
}
