import type { ExpectedVersion } from "./batch.ts"
import { checkVersion } from "./checked.ts"
import type { Signal } from "./commits.ts"
import type { EndOptions } from "./end.ts"
import { checkOptions } from "./options.ts"

/** What all writes can be told. */
export interface WriteOptions {
  /** Who writes; comes back as `change.origin`. */
  readonly origin?: string
  /**
   * A name of this very write: repeated, with whatever content, it is not applied again and
   * answers with the first one's result. Kept for some days, see `retention`.
   */
  readonly idempotencyKey?: string
  /** Takes the write back while it has not reached the engine: it rejects with `aborted`. */
  readonly signal?: Signal
}

export interface EntryWriteOptions extends WriteOptions {
  /** Write only if the entry is at this version; else reject with `conflict`. */
  readonly ifVersion?: ExpectedVersion
}

/**
 * A set. Without `ttl` and `expiresAt` the entry ends as its kind declares, or not at all; an
 * update then leaves the end of the entry as it is, unless its kind declares one.
 */
export interface SetOptions extends EntryWriteOptions, EndOptions {}

const SET_OPTIONS: readonly string[] = Object.keys({
  ttl: true,
  expiresAt: true,
  ifVersion: true,
  origin: true,
  idempotencyKey: true,
  signal: true,
} satisfies Record<keyof SetOptions, true>)

/** @throws StoreError `invalid_value` for an option that no write has, and for a version that is none. */
export function checkWrite(options: SetOptions): void {
  checkOptions("A write", options, SET_OPTIONS)
  if (options.ifVersion !== undefined) checkVersion(options.ifVersion)
}
