import type { BatchResult, Expectation, Op, OpResult, StampedBatch } from "./batch.ts"
import { type Change, type ChangeType, rowAfter } from "./change.ts"
import type { Row } from "./entry.ts"
import { equalJson } from "./equal.ts"
import { StoreError } from "./errors.ts"
import { KeyedMap } from "./keyed-map.ts"

/** The state that a batch meets. */
export interface State {
  /** The seq of the last change. */
  readonly head: number
  row(kind: string, key: string): Row | undefined
  /** Whether a kind has changed after a seq. */
  changedSince(kind: string, seq: number): boolean
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
 * Decides what a batch does to a state. Pure: the one place that knows versions, no-ops and
 * expectations, shared by all engines and by the optimistic view of pending writes.
 */
export function decide(batch: StampedBatch, state: State): Decision {
  for (const expectation of batch.expect ?? []) {
    const error = failedExpectation(expectation, state)
    if (error !== undefined) return { applies: false, error }
  }
  const changes: Change[] = []
  const met: (Row | undefined)[] = []
  // What this batch has done so far, for its next ops.
  const own = batch.ops.length > 1 ? new KeyedMap<Row>() : undefined
  const first = state.head + 1
  const results = batch.ops.map((op): OpResult => {
    const before = own?.get(op.kind, op.key) ?? state.row(op.kind, op.key)
    const type = effectOf(op, before)
    if (type === undefined) return resultOf(op, undefined, before)
    const change = changeOf(batch, op, type, before, first, first + changes.length)
    changes.push(change)
    met.push(before)
    own?.set(op.kind, op.key, rowAfter(change))
    return resultOf(op, change, before)
  })
  return { applies: true, changes, met, result: { seq: state.head + changes.length, results } }
}

function effectOf(op: Op, before: Row | undefined): ChangeType | undefined {
  const present = before !== undefined && !before.deleted
  if (op.type === "delete") return present ? "delete" : undefined
  if (!present) return "create"
  return equalJson(before.value, op.value) ? undefined : "update"
}

function changeOf(
  batch: StampedBatch,
  op: Op,
  type: ChangeType,
  before: Row | undefined,
  first: number,
  seq: number,
): Change {
  const change = {
    seq,
    type,
    kind: op.kind,
    key: op.key,
    value: op.type === "set" ? op.value : before?.value,
    version: (before?.version ?? 0) + 1,
    at: batch.at,
    cause: batch.cause ?? "write",
    batch: first,
  }
  const { origin } = batch
  if (type !== "update") return origin === undefined ? change : { ...change, origin }
  const update = { ...change, previous: before?.value }
  return origin === undefined ? update : { ...update, origin }
}

function resultOf(op: Op, change: Change | undefined, before: Row | undefined): OpResult {
  if (op.type === "delete") return { existed: change !== undefined, previous: change?.value }
  if (change !== undefined) {
    const outcome = change.type === "create" ? "created" : "updated"
    return { outcome, version: change.version, seq: change.seq }
  }
  return { outcome: "unchanged", version: before?.version ?? 0, seq: before?.seq ?? 0 }
}

function failedExpectation(expectation: Expectation, state: State): StoreError | undefined {
  const { kind } = expectation
  if ("unchangedSince" in expectation) {
    if (!state.changedSince(kind, expectation.unchangedSince)) return undefined
    return new StoreError("conflict", `${kind} has changed after ${expectation.unchangedSince}`, {
      details: { kind, expected: expectation.unchangedSince, actual: state.head },
      hint: "Read it again, or use transaction()",
    })
  }
  const { key, version } = expectation
  const row = state.row(kind, key)
  const actual = row === undefined || row.deleted ? "absent" : row.version
  const holds = version === actual || (version === "present" && actual !== "absent")
  if (holds) return undefined
  return new StoreError(
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
