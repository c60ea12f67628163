import { diffWordsWithSpace } from "diff"
import {
  type ArrayDelta,
  create,
  type Delta,
  type MovedDelta,
  type ObjectDelta,
} from "jsondiffpatch"

/** One place where two JSON values differ. */
export interface Difference {
  readonly type: "added" | "removed" | "changed" | "moved"
  /** Where, as one would write it: `address.lines[2]`; `""` for the whole value. */
  readonly path: string
  /** The value before; of a move, the index. */
  readonly before?: unknown
  /** The value after; of a move, the index. */
  readonly after?: unknown
}

/** A piece of two texts laid over each other. */
export interface TextPart {
  readonly type: "same" | "added" | "removed"
  /** Where it begins among all pieces, in UTF-16 units. */
  readonly at: number
  readonly text: string
}

/** Lists longer than this are compared as a whole: finding what moved takes time by the square of it. */
const LONGEST_LIST = 1_000

/**
 * Where two JSON values differ, from top to bottom. Items of lists are recognised by id, key or
 * content; lists longer than `longest` are compared as a whole.
 */
export function differences(
  before: unknown,
  after: unknown,
  longest: number = LONGEST_LIST,
): readonly Difference[] {
  const found: Difference[] = []
  compare(before, after, "", longest, found)
  return found
}

/** What changed inside a text; `undefined` where that would take too long or say too little. */
export function textParts(before: string, after: string): readonly TextPart[] | undefined {
  const parts = diffWordsWithSpace(before, after, { timeout: LONGEST_TEXT_DIFF })
  const kept = parts?.filter((part) => !part.added && !part.removed)
  if (parts === undefined || !kept?.some((part) => part.value.trim() !== "")) return undefined
  let at = 0
  return parts.map(({ value, added, removed }) => {
    const part = { at, text: value }
    at += value.length
    return { type: added ? "added" : removed ? "removed" : "same", ...part }
  })
}

/** Milliseconds. */
const LONGEST_TEXT_DIFF = 50

const patcher = create({ objectHash: identityOf })

/** What makes an item of a list the same one in another version. */
function identityOf(item: object): string {
  const { id, key } = item as { id?: unknown; key?: unknown }
  const name = id ?? key
  return typeof name === "string" || typeof name === "number" ? `${name}` : JSON.stringify(item)
}

function compare(
  before: unknown,
  after: unknown,
  path: string,
  longest: number,
  found: Difference[],
): void {
  if (!hasLongList(before, longest) && !hasLongList(after, longest)) {
    collect(patcher.diff(before, after), after, path, found)
  } else if (isRecord(before) && isRecord(after)) {
    for (const name of new Set([...Object.keys(after), ...Object.keys(before)])) {
      const field = (value: Record<string, unknown>) =>
        Object.hasOwn(value, name) ? value[name] : undefined
      compare(field(before), field(after), fieldPath(path, name), longest, found)
    }
  } else if (JSON.stringify(before) !== JSON.stringify(after)) {
    if (before === undefined) found.push({ type: "added", path, after })
    else if (after === undefined) found.push({ type: "removed", path, before })
    else found.push({ type: "changed", path, before, after })
  }
}

function hasLongList(value: unknown, longest: number): boolean {
  if (typeof value !== "object" || value === null) return false
  if (Array.isArray(value) && value.length > longest) return true
  return Object.values(value).some((child) => hasLongList(child, longest))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** `after` gives the order: its fields come first, then those that it no longer has. */
function collect(delta: Delta, after: unknown, path: string, found: Difference[]): void {
  if (delta === undefined) return
  if (Array.isArray(delta)) {
    const [old, fresh] = delta
    if (delta.length === 1) found.push({ type: "added", path, after: old })
    else if (delta.length === 2) found.push({ type: "changed", path, before: old, after: fresh })
    else found.push({ type: "removed", path, before: old })
  } else if (delta._t === "a") collectItems(delta as ArrayDelta, after, path, found)
  else collectFields(delta as ObjectDelta, isRecord(after) ? after : {}, path, found)
}

function collectFields(
  delta: ObjectDelta,
  after: Record<string, unknown>,
  path: string,
  found: Difference[],
): void {
  for (const name of new Set([...Object.keys(after), ...Object.keys(delta)])) {
    if (Object.hasOwn(delta, name)) collect(delta[name], after[name], fieldPath(path, name), found)
  }
}

/** In the delta of a list, `_2` is about the item that was at 2, and `2` about the one that is. */
function collectItems(delta: ArrayDelta, after: unknown, path: string, found: Difference[]): void {
  const items = Object.entries(delta).filter(([name]) => name !== "_t")
  const indexOf = (name: string) => Number(name.replace("_", ""))
  for (const [name, child] of items.sort(([a], [b]) => indexOf(a) - indexOf(b))) {
    const index = indexOf(name)
    const item = Array.isArray(after) ? after[index] : undefined
    if (isMove(child)) found.push({ type: "moved", path, before: index, after: child[1] })
    else collect(child as Delta, item, `${path}[${index}]`, found)
  }
}

function isMove(delta: unknown): delta is MovedDelta {
  return Array.isArray(delta) && delta.length === 3 && delta[2] === 3
}

function fieldPath(path: string, name: string): string {
  if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)) return `${path}[${JSON.stringify(name)}]`
  return path === "" ? name : `${path}.${name}`
}
