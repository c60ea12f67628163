/** One write of a batch. */
export type Op =
  | { readonly type: "set"; readonly kind: string; readonly key: string; readonly value: unknown }
  | { readonly type: "delete"; readonly kind: string; readonly key: string }

/** What must hold for a version: a number, or that the entry is there, or not. */
export type ExpectedVersion = number | "absent" | "present"

/** What must hold for a batch to apply: the version of an entry, or a kind without changes after a seq. */
export type Expectation =
  | { readonly kind: string; readonly key: string; readonly version: ExpectedVersion }
  | { readonly kind: string; readonly unchangedSince: number }

/** An atomic group of writes: all of it applies, in order, or none of it. */
export interface Batch {
  readonly ops: readonly Op[]
  readonly expect?: readonly Expectation[]
  /** Who writes; comes back as `change.origin`. */
  readonly origin?: string
  /** Why; comes back as `change.cause`. Default `"write"`. */
  readonly cause?: string
}

/** A batch as an engine gets it: checked, frozen, numbered by the store and dated by its clock. */
export interface StampedBatch extends Batch {
  /** Unique in this store for as long as it is open. */
  readonly id: number
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** What a set did. */
export interface SetResult {
  readonly outcome: "created" | "updated" | "unchanged"
  readonly version: number
  /** The entry's last change: this write's, or an older one's when nothing changed. */
  readonly seq: number
}

/** What a delete did. */
export interface DeleteResult<V = unknown> {
  readonly existed: boolean
  readonly previous: V | undefined
}

/** What one op of a batch did. */
export type OpResult = SetResult | DeleteResult

/** What a batch did. */
export interface BatchResult {
  /** The seq of its last change; the store's position when it changed nothing. */
  readonly seq: number
  /** One result for each op, in the order of the ops. */
  readonly results: readonly OpResult[]
}
