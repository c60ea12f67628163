import { type Awaitable, isPromise } from "./awaitable.ts"
import { type Batch, type Expectation, type Op, type Seen, setOp, touchOp } from "./batch.ts"
import { endOf } from "./end.ts"
import { StoreError } from "./errors.ts"
import type { KindRules } from "./kinds.ts"
import { shown } from "./options.ts"

/**
 * An op that came from outside, as it goes to the engine: with names, value and end checked, and
 * nothing else in it.
 *
 * @throws StoreError `invalid_key`, `invalid_value`, `validation_failed`, `not_found` (strict)
 */
export function checkedOp(rules: KindRules, op: Op, now: number): Awaitable<Op> {
  const { type, kind, key } = op
  rules.checkNames(kind, key)
  switch (op.type) {
    case "set": {
      const end = rules.end(kind, key, op, now)
      const over = checkedSeen(rules, op)
      const set = (checked: unknown) => ({ ...setOp(kind, key, checked, end), ...over })
      const value = rules.value(kind, key, op.value)
      return isPromise(value) ? value.then(set) : set(value)
    }
    case "touch":
      return touchOp(kind, key, endOf(kind, key, op, now))
    case "delete":
    case "expire":
      return { type: op.type, kind, key }
    default:
      throw new StoreError("invalid_value", `There is no op ${String(type)}`, {
        hint: "An op is a set, a delete, a touch or an expire",
      })
  }
}

/** @throws StoreError `invalid_value` for what is no batch. Its ops are not looked at. */
export function checkBatch(batch: Partial<Batch>): void {
  const { ops, expect = [] } = Object(batch) as Partial<Batch>
  if (Array.isArray(ops) && Array.isArray(expect)) return
  throw new StoreError("invalid_value", "What commit() was given is no batch", {
    hint: "Give { ops: [{ type, kind, key, … }] }, and expect as a list, if any",
  })
}

/** What was seen is not what is written: it need not fit the schema. */
function checkedSeen(rules: KindRules, op: Op & { type: "set" }): { over?: Seen } {
  const { over } = op
  if (over === undefined) return {}
  if (typeof over === "object" && over !== null)
    return { over: "value" in over ? { value: rules.packing.pack(op, over.value) } : {} }
  throw new StoreError("invalid_value", `${op.kind}/${op.key}: over is no object`, {
    details: { kind: op.kind, key: op.key },
    hint: "Give over: { value }, what was seen there, or over: {} for nothing",
  })
}

/** @throws StoreError `invalid_key`, `invalid_value`, `not_found` (strict) */
export function checkExpectation(rules: KindRules, expectation: Expectation): void {
  if (!("quota" in expectation)) {
    if ("version" in expectation) checkVersion(expectation.version)
    return rules.checkKind(expectation.kind)
  }
  // Who could expect any quota could find out what others keep.
  throw new StoreError("invalid_value", "A batch that is given to commit() expects no quota", {
    hint: "Open a scope() with it",
  })
}

/** @throws StoreError `invalid_value` for what no version can be. */
export function checkVersion(version: unknown): void {
  if (typeof version === "number" || version === "absent" || version === "present") return
  throw new StoreError("invalid_value", `${shown(version)} is no version to expect`, {
    details: { version },
    hint: 'Give the number of a version, or "absent" or "present"',
  })
}
