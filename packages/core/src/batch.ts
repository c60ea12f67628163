/** One write of a batch. */
export type Op =
  /**
   * Puts a value in place; without `expiresAt` the entry has no end, whatever it had before. Where
   * its kind declares a `ttl`, the store gives it that end.
   */
  | {
      readonly type: "set"
      readonly kind: string
      readonly key: string
      readonly value: unknown
      /** When the entry ends, in milliseconds since the epoch. */
      readonly expiresAt?: number
      /** What the writer had seen there, where its kind declares `merge`; without a value: nothing. */
      readonly over?: Seen
    }
  | { readonly type: "delete"; readonly kind: string; readonly key: string }
  /** Gives an entry another end, or none, and leaves its value; does nothing where there is no entry. */
  | {
      readonly type: "touch"
      readonly kind: string
      readonly key: string
      readonly expiresAt?: number
    }
  /** Deletes an entry that has ended; does nothing to any other, so that it can never lose a fresh write. */
  | { readonly type: "expire"; readonly kind: string; readonly key: string }

/** What a writer had seen of an entry. */
export interface Seen {
  readonly value?: unknown
}

/** The op that puts a value in place, with an end or without. */
export function setOp(kind: string, key: string, value: unknown, expiresAt?: number): Op {
  const op = { type: "set" as const, kind, key, value }
  return expiresAt === undefined ? op : { ...op, expiresAt }
}

/** The op that gives an entry an end, or none. */
export function touchOp(kind: string, key: string, expiresAt?: number): Op {
  const op = { type: "touch" as const, kind, key }
  return expiresAt === undefined ? op : { ...op, expiresAt }
}

/** What must hold for a version: a number, or that the entry is there, or not. */
export type ExpectedVersion = number | "absent" | "present"

/** What must hold for a batch to apply. */
export type Expectation =
  /** The version of an entry. */
  | { readonly kind: string; readonly key: string; readonly version: ExpectedVersion }
  /** A kind without changes after a seq. */
  | { readonly kind: string; readonly unchangedSince: number }
  /** A scope that stays within its bounds, the batch included. */
  | { readonly quota: Quota }

/** A bound of a scope inside the store: what `scope()` was told, and of which one. */
export interface Quota extends ScopeQuota {
  /** The scope by the name that it has in the store. */
  readonly scope: string
}

/** The bounds of a scope. Scopes inside it count too; what has expired does not. */
export interface ScopeQuota {
  /** At most so many entries. */
  readonly keys?: number
  /** At most so many kinds that have an entry. */
  readonly kinds?: number
  /** At most so many bytes of keys and values, in UTF-8 or as encoded. */
  readonly bytes?: number
}

/** An atomic group of writes: all of it applies, in order, or none of it. */
export interface Batch {
  readonly ops: readonly Op[]
  readonly expect?: readonly Expectation[]
  /** Who writes; comes back as `change.origin`. */
  readonly origin?: string
  /** Why; comes back as `change.cause`. Default `"write"`. What is `"migrated"` is written even if it is equal. */
  readonly cause?: string
  /** A batch whose key has been seen is not applied again: it answers with the first one's result. */
  readonly idempotencyKey?: string
}

/** A batch with what its writer had seen. */
export interface RestingBatch extends Batch {
  /**
   * The batches of this store, by their ids, whose effect the writer had seen while they were on
   * their way. The versions that it expects are theirs: where one of them was refused, and another
   * writer's change has the same version, this one must not take that for what it has seen. So
   * this one is refused too, with `conflict`.
   */
  readonly after?: readonly number[]
}

/** A batch as an engine gets it: checked, frozen, numbered by the store and dated by its clock. */
export interface StampedBatch extends RestingBatch {
  /** Unique in this store for as long as it is open. */
  readonly id: number
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** What a set or a touch did. */
export interface SetResult {
  readonly outcome: "created" | "updated" | "unchanged"
  /** 0 for a touch where there is no entry. */
  readonly version: number
  /** The entry's last change: this write's, or an older one's when nothing changed. */
  readonly seq: number
}

/** Whether a touch has met an entry. */
export function isFound({ version }: SetResult): boolean {
  return version > 0
}

/** What a delete did. */
export interface DeleteResult<V = unknown> {
  readonly existed: boolean
  /** What was deleted; `undefined` where there was nothing, and where it cannot be read. */
  readonly previous: V | undefined
}

/** What one op of a batch did: a set or touch, or a delete or expire. */
export type OpResult = SetResult | DeleteResult

/** What a batch did. */
export interface BatchResult {
  /** The seq of its last change; the store's position when it changed nothing. */
  readonly seq: number
  /** One result for each op, in the order of the ops. */
  readonly results: readonly OpResult[]
}
