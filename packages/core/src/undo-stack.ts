import type { Change } from "./change.ts"
import { EXPIRED } from "./decide.ts"
import { isReserved } from "./names.ts"
import { joinSteps, type Step, type StepEntry, stepOf, withEntries } from "./undo-step.ts"

/** What can be undone and redone, the newest step last. */
export interface UndoStacks {
  readonly undo: readonly Step[]
  readonly redo: readonly Step[]
  /** Whether the newest step is a plain write, which quick successors may join. */
  readonly open: boolean
}

/** Which batches count, and how they form steps. */
export interface UndoRules {
  readonly origin: string
  readonly kinds: ReadonlySet<string> | undefined
  /** Milliseconds within which a batch joins the step before it; below 0 for never. */
  readonly groupWithin: number
  /** So many steps are kept. */
  readonly depth: number
}

/** Before anything was written. */
export const NO_STEPS: UndoStacks = { undo: [], redo: [], open: false }

/** Which way a step is inverted; its batch has the cause `undo:` or `redo:` and the step's id. */
export type Inversion = "undo" | "redo"

/** The stacks after one more batch of the log. Pure: whoever folds the same log has the same stacks. */
export function foldBatch(
  stacks: UndoStacks,
  batch: readonly Change[],
  rules: UndoRules,
): UndoStacks {
  const changes = batch.filter(({ kind }) => !isReserved(kind))
  if (changes[0]?.origin !== rules.origin) return stacks
  if (!changes.every(({ kind }) => rules.kinds?.has(kind) ?? true)) return stacks
  const step = stepOf(changes)
  const inversion = inversionOf(changes)
  if (inversion === undefined) return { undo: written(stacks, step, rules), redo: [], open: true }
  const { way, id } = inversion
  const back = way === "undo" ? "redo" : "undo"
  return {
    ...stacks,
    [way]: without(stacks[way], id, step),
    [back]: pushed(stacks[back], step, rules),
    open: false,
  }
}

/** A stack without one step. Those below it find their entries as they left them, at newer versions. */
export function without(
  stack: readonly Step[],
  id: number,
  inverse: Step | undefined,
): readonly Step[] {
  const index = stack.findLastIndex((step) => step.id === id)
  if (index < 0) return stack
  const moved = new Map<Step, StepEntry[]>()
  for (const { kind, key, first, version } of stack[index]?.entries.values() ?? []) {
    const lower = stack.findLast((step, at) => at < index && step.entries.get(kind, key))
    const left = lower?.entries.get(kind, key)
    if (lower === undefined || left?.version !== first - 1) continue
    const now = inverse?.entries.get(kind, key)?.version ?? version
    if (!moved.has(lower)) moved.set(lower, [])
    moved.get(lower)?.push({ ...left, version: now })
  }
  return stack
    .filter((_, at) => at !== index)
    .map((step) => (moved.has(step) ? withEntries(step, moved.get(step) ?? []) : step))
}

function inversionOf(
  changes: readonly Change[],
): { readonly way: Inversion; readonly id: number } | undefined {
  const cause = changes.find((change) => change.cause !== EXPIRED)?.cause ?? ""
  const found = /^(undo|redo):(\d+)$/.exec(cause)
  return found === null ? undefined : { way: found[1] as Inversion, id: Number(found[2]) }
}

/** The steps to undo after a write, which joins the newest one if it came quickly after it. */
function written(
  { undo, open }: UndoStacks,
  step: Step | undefined,
  rules: UndoRules,
): readonly Step[] {
  const top = undo.at(-1)
  const pause = open && top !== undefined && step !== undefined ? step.at - top.at : -1
  const joined = pause >= 0 && pause <= rules.groupWithin && joinSteps(top as Step, step as Step)
  return joined ? [...undo.slice(0, -1), joined] : pushed(undo, step, rules)
}

/** A stack with one more step; one that cannot be inverted bars the way to those below it. */
function pushed(
  stack: readonly Step[],
  step: Step | undefined,
  { depth }: UndoRules,
): readonly Step[] {
  return step === undefined ? [] : [...stack, step].slice(-depth)
}
