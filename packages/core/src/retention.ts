import type { Retention } from "./engine.ts"
import { StoreError } from "./errors.ts"
import type { Kinds } from "./kinds.ts"
import { localKind } from "./scope-name.ts"

/** How much of its past a store keeps. The present state is always kept whole; `Infinity` keeps all. */
export interface RetentionOptions {
  /** So many newest changes are kept, whatever they changed. Default 100,000. */
  readonly changes?: number
  /** Behind them, so many changes of each entry, unless its kind declares `history`. Default 100. */
  readonly versions?: number
  /**
   * Tombstones are kept for so many changes, at least as many as `changes`: as long, versions of
   * a deleted key go on, and followers need no new snapshot. Default 1,000,000.
   */
  readonly tombstones?: number
  /** Results of idempotency keys are kept so long, in milliseconds. Default 7 days. */
  readonly receipts?: number
}

/** SQLite counts no further than this, and so many versions are all. */
export const ALL_VERSIONS: number = 2 ** 31

const DEFAULTS = {
  changes: 100_000,
  versions: 100,
  tombstones: 1_000_000,
  receipts: 7 * 24 * 60 * 60 * 1_000,
}

/** @throws StoreError `invalid_value` for what is no amount. */
export function checkRetention(options: RetentionOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    if (!Object.hasOwn(DEFAULTS, name)) {
      throw new StoreError("invalid_value", `There is no retention of ${name}`, {
        details: { name },
        hint: `Use ${Object.keys(DEFAULTS).join(", ")}`,
      })
    }
    if (value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && value >= 0)) continue
    throw new StoreError("invalid_value", `A retention of ${value} ${name} cannot be kept`, {
      details: { name, value },
      hint: "Give a whole number from 0, or Infinity",
    })
  }
}

/** What a store at a position keeps. `floor` is the least position that somebody still needs. */
export function retentionOf(
  options: RetentionOptions,
  kinds: Kinds,
  head: number,
  floor: number,
  now: number,
): Omit<Retention, "limit"> {
  const { changes, versions, tombstones, receipts } = { ...DEFAULTS, ...options }
  const after = Math.max(0, Math.min(head - changes, floor))
  return {
    after,
    versions: bounded(versions),
    versionsOf: versionsOf(kinds),
    tombstonesAfter: Math.max(0, Math.min(after, head - tombstones)),
    receiptsFrom: Math.max(0, now - receipts),
  }
}

/** How many older changes of an entry of a kind are kept. */
export function versionsKept({ versions, versionsOf }: Retention, kind: string): number {
  const name = localKind(kind)
  // A kind may be called `__proto__`.
  return (Object.hasOwn(versionsOf, name) ? versionsOf[name] : undefined) ?? versions
}

function versionsOf(kinds: Kinds): Readonly<Record<string, number>> {
  const declared = Object.entries(kinds).flatMap(([name, { history }]) =>
    history === undefined ? [] : [[name, history === false ? 0 : bounded(history)] as const],
  )
  return Object.fromEntries(declared)
}

function bounded(versions: number): number {
  return Math.min(versions, ALL_VERSIONS)
}
