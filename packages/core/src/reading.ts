import type { Signal } from "./commits.ts"
import type { Entry } from "./entry.ts"
import type { Kinds, ValueOf } from "./kinds.ts"

/** The kind that an entry or query belongs to, typed. */
export type EntryOf<K extends Kinds, N extends string> = Entry<ValueOf<K, N>>

/** What a store was and what it is, at one position. */
export interface StoreSnapshot {
  readonly seq: number
  readonly entries: readonly Entry[]
}

export interface ScanOptions {
  /** Ends the loop with `aborted`. */
  readonly signal?: Signal
}
