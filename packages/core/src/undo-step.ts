import type { Batch, Expectation, Op } from "./batch.ts"
import type { Change } from "./change.ts"
import { EXPIRED } from "./decide.ts"
import { KeyedMap } from "./keyed-map.ts"

/** One batch, or several quick ones, that are undone together. */
export interface Step {
  /** The seq of its newest batch, by which the cause of its inverse names it. */
  readonly id: number
  /** When its newest batch was committed. */
  readonly at: number
  /** Never changed: a step that differs has its own. */
  readonly entries: KeyedMap<StepEntry>
}

/** What a step did to one entry. */
export interface StepEntry {
  readonly kind: string
  readonly key: string
  /** What was there before; `undefined` for nothing. */
  readonly before: { readonly value: unknown } | undefined
  /** The version of its first change. */
  readonly first: number
  /** The version that it has left, or that what undid a later step has put back. */
  readonly version: number
  /** Whether it has left nothing. */
  readonly deleted: boolean
  /** When the entry ends, as it has left it. */
  readonly expiresAt: number | undefined
}

/** What a batch did to its entries; `undefined` where the log no longer tells what was before. */
export function stepOf(batch: readonly Change[]): Step | undefined {
  const entries = new KeyedMap<StepEntry>()
  for (const change of batch) {
    const { type, kind, key, version, expiresAt, previous } = change
    const known = entries.get(kind, key)
    if (known === undefined && type === "update" && previous === undefined) return undefined
    const { before, first } = known ?? { before: valueBefore(change), first: version }
    const deleted = type === "delete"
    entries.set(kind, key, { kind, key, before, first, version, deleted, expiresAt })
  }
  const last = batch.at(-1) as Change
  return { id: last.batch, at: last.at, entries }
}

/** Two steps as one; `undefined` where somebody has written to their entries between them. */
export function joinSteps(first: Step, second: Step): Step | undefined {
  const entries: StepEntry[] = []
  for (const entry of second.entries.values()) {
    const known = first.entries.get(entry.kind, entry.key)
    if (known !== undefined && known.version !== entry.first - 1) return undefined
    entries.push(known ? { ...entry, before: known.before, first: known.first } : entry)
  }
  return { ...withEntries(first, entries), id: second.id, at: second.at }
}

/** A step with some entries in place of, or beside, those it has. */
export function withEntries(step: Step, replaced: Iterable<StepEntry>): Step {
  const entries = new KeyedMap<StepEntry>()
  for (const entry of step.entries.values()) entries.set(entry.kind, entry.key, entry)
  for (const entry of replaced) entries.set(entry.kind, entry.key, entry)
  return { ...step, entries }
}

/**
 * The batch that puts back what was before a step, if its entries still are as it has left them.
 * `endOf` tells when an entry was to end before.
 */
export function inverseOf(
  step: Step,
  endOf: (entry: StepEntry) => number | undefined,
): Pick<Required<Batch>, "ops" | "expect"> {
  const ops: Op[] = []
  const expect: Expectation[] = []
  for (const entry of step.entries.values()) {
    const { kind, key, before, version, deleted } = entry
    if (before === undefined && deleted) continue
    expect.push({ kind, key, version: deleted ? "absent" : version })
    if (before === undefined) {
      ops.push({ type: "delete", kind, key })
      continue
    }
    const set = { type: "set" as const, kind, key, value: before.value }
    const expiresAt = endOf(entry)
    ops.push(expiresAt === undefined ? set : { ...set, expiresAt })
  }
  return { ops, expect }
}

/** What has expired was not there any more, only not deleted yet. */
function valueBefore({ type, value, previous, cause }: Change): StepEntry["before"] {
  if (type === "create" || cause === EXPIRED) return undefined
  return { value: type === "delete" ? value : previous }
}
