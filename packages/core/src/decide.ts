import type { BatchResult, Expectation, Op, OpResult, Quota, Seen, StampedBatch } from "./batch.ts"
import { type Change, type ChangeType, rowAfter } from "./change.ts"
import { type EntryName, isExpired, isPresent, type Row } from "./entry.ts"
import { StoreError } from "./errors.ts"
import { KeyedMap } from "./keyed-map.ts"
import { schemaOf, schemaTooNew } from "./packed.ts"
import { restsOnRefused } from "./refused.ts"
import { isInScope } from "./scope-name.ts"
import { overQuota, type Usage, usageAfter } from "./usage.ts"

/** The state that a batch meets. */
export interface State {
  /** The seq of the last change. */
  readonly head: number
  row(kind: string, key: string): Row | undefined
  /** Whether a kind has changed after a seq. */
  changedSince(kind: string, seq: number): boolean
  /** Whether two values of an entry are equal. May throw a StoreError, which refuses the batch. */
  equal(entry: EntryName, a: unknown, b: unknown): boolean
  /** What becomes of two writes over one value. May throw a StoreError, which refuses the batch. */
  merge(entry: EntryName, over: Seen, mine: unknown, theirs: unknown): unknown
  /** What a scope holds that has not expired; `undefined` where that is not known, and not decided. */
  usage(scope: string, now: number): Usage | undefined
  /** Whether a batch rests on one that was refused. */
  refuses(batch: StampedBatch): boolean
  /** The result of the batch that was applied with an idempotency key. */
  receipt(idempotencyKey: string): BatchResult | undefined
}

/** What a batch does to a state: changes to store and a result to tell, or a refusal. */
export type Decision =
  | {
      readonly applies: true
      readonly changes: readonly Change[]
      /** For each change the row that it met. */
      readonly met: readonly (Row | undefined)[]
      readonly result: BatchResult
    }
  | { readonly applies: false; readonly error: StoreError }

/**
 * Decides what a batch does to a state. Pure: the one place that knows versions, no-ops,
 * expiry, expectations and quotas, shared by all engines and by the optimistic view of pending
 * writes. The time is the batch's `at`.
 */
export function decide(batch: StampedBatch, state: State): Decision {
  const known = batch.idempotencyKey === undefined ? undefined : state.receipt(batch.idempotencyKey)
  if (known !== undefined) return { applies: true, changes: [], met: [], result: known }
  if (state.refuses(batch)) return { applies: false, error: restsOnRefused() }
  try {
    for (const expectation of batch.expect ?? []) checkExpectation(expectation, batch.at, state)
    const run = new Run(batch, state)
    const results = batch.ops.map((op) => run.apply(op))
    for (const expectation of batch.expect ?? []) {
      if ("quota" in expectation) run.checkQuota(expectation.quota)
    }
    const { changes, met } = run
    return { applies: true, changes, met, result: { seq: state.head + changes.length, results } }
  } catch (error) {
    if (StoreError.is(error)) return { applies: false, error }
    throw error
  }
}

/** One batch on its way through a state. */
class Run {
  readonly changes: Change[] = []
  readonly met: (Row | undefined)[] = []
  readonly #batch: StampedBatch
  readonly #state: State
  readonly #first: number
  /** What this batch has done so far, for its next ops. */
  readonly #own: KeyedMap<Row> | undefined
  /** The indexes of changes that only tell an end which time had brought before. */
  readonly #ends = new Set<number>()

  constructor(batch: StampedBatch, state: State) {
    this.#batch = batch
    this.#state = state
    this.#first = state.head + 1
    this.#own = batch.ops.length > 1 ? new KeyedMap() : undefined
  }

  apply(given: Op): OpResult {
    const met = this.#own?.get(given.kind, given.key) ?? this.#state.row(given.kind, given.key)
    const hasEnded = met !== undefined && !met.deleted && isExpired(met, this.#batch.at)
    // What has ended is told to have ended before anything else is told of its key.
    const before = hasEnded ? this.#end(met) : met
    const op = this.#mergedWith(before, given)
    const type = this.#effectOf(op, before)
    if (type === undefined) return resultOf(op, undefined, before, hasEnded)
    return resultOf(op, this.#record(this.#changeOf(op, type, before), before), before, hasEnded)
  }

  /** @throws StoreError `quota_exceeded` */
  checkQuota(quota: Quota): void {
    const before = this.#state.usage(quota.scope, this.#batch.at)
    if (before === undefined) return
    const steps = this.changes.flatMap((change, index) =>
      // The end of what had ended gives nothing back: it was not counted.
      this.#ends.has(index) || !isInScope(change.kind, quota.scope)
        ? []
        : [{ change, met: this.met[index] }],
    )
    const after = usageAfter(before, steps)
    const error = overQuota(quota, before, after)
    if (error !== undefined) throw error
  }

  #end(met: Row): Row {
    const { kind, key } = met
    const change = this.#changeOf({ type: "expire", kind, key }, "delete", met)
    this.#ends.add(this.changes.length)
    return rowAfter(this.#record(change, met))
  }

  /** A set over something else than what is there now, with what its kind makes of both. */
  #mergedWith(before: Row | undefined, op: Op): Op {
    if (op.type !== "set" || op.over === undefined) return op
    if (before === undefined || before.deleted) return op // Who deleted it has nothing to merge.
    const { over, value: mine } = op
    const { value: theirs } = before
    if ("value" in over && this.#state.equal(op, over.value, theirs)) return op
    checkSchema(op, before)
    return { ...op, value: this.#state.merge(op, over, mine, theirs) }
  }

  #effectOf(op: Op, before: Row | undefined): ChangeType | undefined {
    const present = before !== undefined && !before.deleted
    switch (op.type) {
      case "delete":
        return present ? "delete" : undefined
      case "expire":
        return undefined
      case "touch":
        return present && before.expiresAt !== op.expiresAt ? "update" : undefined
      case "set":
        checkSchema(op, before)
        if (!present) return "create"
        if (before.expiresAt !== op.expiresAt || this.#batch.cause === MIGRATED) return "update"
        return this.#state.equal(op, before.value, op.value) ? undefined : "update"
    }
  }

  #record(change: Change, met: Row | undefined): Change {
    this.changes.push(change)
    this.met.push(met)
    this.#own?.set(change.kind, change.key, rowAfter(change))
    return change
  }

  #changeOf(op: Op, type: ChangeType, before: Row | undefined): Change {
    const { at, cause = "write", origin } = this.#batch
    const expiresAt = op.type === "set" || op.type === "touch" ? op.expiresAt : undefined
    const change: { -readonly [Name in keyof Change]: Change[Name] } = {
      seq: this.#first + this.changes.length,
      type,
      kind: op.kind,
      key: op.key,
      value: op.type === "set" ? op.value : before?.value,
      version: (before?.version ?? 0) + 1,
      at,
      cause: op.type === "expire" ? EXPIRED : cause,
      batch: this.#first,
    }
    if (type === "update") change.previous = before?.value
    if (expiresAt !== undefined) change.expiresAt = expiresAt
    if (origin !== undefined) change.origin = origin
    return change
  }
}

/** The cause of a change that a time has made. */
export const EXPIRED = "expired"

/** The cause of changes that bring values to another stored form: they count although the values are equal. */
export const MIGRATED = "migrated"

function resultOf(
  op: Op,
  change: Change | undefined,
  before: Row | undefined,
  hasEnded: boolean,
): OpResult {
  if (op.type === "expire")
    return { existed: hasEnded, previous: hasEnded ? before?.value : undefined }
  if (op.type === "delete") return { existed: change !== undefined, previous: change?.value }
  if (change !== undefined) {
    const outcome = change.type === "create" ? "created" : "updated"
    return { outcome, version: change.version, seq: change.seq }
  }
  const { version, seq } = before === undefined || before.deleted ? NONE : before
  return { outcome: "unchanged", version, seq }
}

/** What is told of an entry that is not there. */
const NONE = { version: 0, seq: 0 }

/** An application of an older schema must not undo what a newer one wrote. */
function checkSchema(op: Extract<Op, { type: "set" }>, before: Row | undefined): void {
  if (before === undefined || before.deleted) return
  const [found, known] = [schemaOf(before.value), schemaOf(op.value)]
  if (found <= known) return
  throw schemaTooNew(op, found, known)
}

function checkExpectation(expectation: Expectation, now: number, state: State): void {
  if ("quota" in expectation) return
  const { kind } = expectation
  if ("unchangedSince" in expectation) {
    if (!state.changedSince(kind, expectation.unchangedSince)) return
    throw new StoreError("conflict", `${kind} has changed after ${expectation.unchangedSince}`, {
      details: { kind, expected: expectation.unchangedSince, actual: state.head },
      hint: "Read it again, or use transaction()",
    })
  }
  const { key, version } = expectation
  const row = state.row(kind, key)
  const actual = isPresent(row, now) ? row.version : "absent"
  if (version === actual || (version === "present" && actual !== "absent")) return
  throw new StoreError(
    "conflict",
    `${kind}/${key} is ${stateText(actual)}, not ${stateText(version)}`,
    {
      details: { kind, key, expected: version, actual },
      hint: "Read it again, or use update()",
    },
  )
}

function stateText(version: number | string): string {
  return typeof version === "number" ? `at version ${version}` : version
}
