import { type Awaitable, run, type Steps, wait } from "./awaitable.ts"
import type { EngineReads } from "./engine.ts"
import { isPresent, type Row } from "./entry.ts"
import { StoreError } from "./errors.ts"
import { UNSCOPED } from "./kind-range.ts"
import { checkKey, isReserved } from "./names.ts"
import { shown } from "./options.ts"
import { compareText } from "./order.ts"
import { checkOwnKind } from "./scope-name.ts"

/**
 * What a watch follows: a kind, one entry, the keys of a kind with a prefix, `"*"` for every
 * kind of the application, or any of several.
 */
export type Target =
  | string
  | readonly [kind: string, key: string]
  | { readonly kind: string; readonly prefix: string }
  | { readonly anyOf: readonly Target[] }

/** Whether a kind and key are in a target. */
export type TargetTest = (kind: string, key: string) => boolean

/** @throws StoreError `invalid_value` for what is no target, `invalid_key` when a name in it is none. */
export function targetTest(target: Target): TargetTest {
  checkTarget(target)
  if (target === "*") return (kind) => !isReserved(kind)
  if (typeof target === "string") {
    checkOwnKind(target)
    return (kind) => kind === target
  }
  if ("anyOf" in target) {
    const tests = target.anyOf.map(targetTest)
    return (kind, key) => tests.some((test) => test(kind, key))
  }
  if ("prefix" in target) {
    checkOwnKind(target.kind)
    checkKey(target.prefix)
    return (kind, key) => kind === target.kind && key.startsWith(target.prefix)
  }
  const [wantedKind, wantedKey] = target
  checkOwnKind(wantedKind)
  checkKey(wantedKey)
  return (kind, key) => kind === wantedKind && key === wantedKey
}

/** @throws StoreError `invalid_value` for what is no target. Its names are not looked at. */
export function checkTarget(target: unknown): void {
  if (isTarget(target)) return
  throw new StoreError("invalid_value", `${shown(target)} cannot be followed`, {
    hint: 'Give a kind, ["kind", "key"], { kind, prefix }, { anyOf: […] } or "*"',
  })
}

/** The committed entries of a target and the position at which they were read. */
export function readTarget(
  engine: EngineReads,
  target: Target,
  head: number,
  now: number,
): Awaitable<{ readonly seq: number; readonly rows: readonly Row[] }> {
  return run(reading(engine, target, head, now))
}

function* reading(
  engine: EngineReads,
  target: Target,
  head: number,
  now: number,
): Steps<{ readonly seq: number; readonly rows: readonly Row[] }> {
  const key = singleKey(target)
  if (key !== undefined) {
    const row = yield* wait(engine.row(...key))
    const present = isPresent(row, now) ? [row] : []
    // Only this key counts, so a change that the row already has cannot be told again.
    return { seq: Math.max(head, row?.seq ?? 0), rows: present }
  }
  const test = targetTest(target)
  const snapshot = yield* wait(engine.snapshot(kindsOf(target) ?? UNSCOPED))
  const rows = snapshot.rows.filter((row) => isPresent(row, now) && test(row.kind, row.key))
  return { seq: snapshot.seq, rows }
}

function singleKey(target: Target): readonly [string, string] | undefined {
  return typeof target !== "string" && !("anyOf" in target) && !("prefix" in target)
    ? target
    : undefined
}

/** The kinds a target can touch, or `undefined` for all. */
export function kindsOf(target: Target): readonly string[] | undefined {
  if (target === "*") return undefined
  if (typeof target === "string") return [target]
  if ("prefix" in target) return [target.kind]
  if (!("anyOf" in target)) return [target[0]]
  const kinds = new Set<string>()
  for (const part of target.anyOf) {
    const some = kindsOf(part)
    if (some === undefined) return undefined
    for (const kind of some) kinds.add(kind)
  }
  return [...kinds].sort(compareText)
}

function isTarget(target: unknown): boolean {
  if (typeof target === "string") return true
  if (typeof target !== "object" || target === null) return false
  if (Array.isArray(target)) return target.length === 2
  return "anyOf" in target
    ? Array.isArray(target.anyOf) && target.anyOf.every(isTarget)
    : "prefix" in target && "kind" in target
}
