import type { Quota } from "./batch.ts"
import type { Change } from "./change.ts"
import type { Row } from "./entry.ts"
import { StoreError } from "./errors.ts"
import { isReserved } from "./names.ts"
import { Packed } from "./packed.ts"
import { localKind, namespacesOf, namespaceText } from "./scope-name.ts"

/** What a kind takes. */
export interface KindUsage {
  readonly keys: number
  /** Of keys and values, in UTF-8 or as encoded. */
  readonly bytes: number
}

/** What each kind of a scope takes. */
export type Usage = ReadonlyMap<string, KindUsage>

/** What a scope takes in all, scopes inside it too. What has expired does not count. */
export interface ScopeUsage {
  readonly keys: number
  /** Kinds that have an entry. */
  readonly kinds: number
  /** Of keys and values, in UTF-8 or as encoded. */
  readonly bytes: number
}

const NOTHING: KindUsage = { keys: 0, bytes: 0 }

/** How a change alters what its kind takes; `met` is the row that it met. */
export function usageStep({ type, key, value }: Change, met: Row | undefined): KindUsage {
  const isMet = met !== undefined && !met.deleted
  const before = isMet ? { keys: 1, bytes: sizeOf(key, met.value) } : NOTHING
  const after = type === "delete" ? NOTHING : { keys: 1, bytes: sizeOf(key, value) }
  return { keys: after.keys - before.keys, bytes: after.bytes - before.bytes }
}

/** A usage with changes added to it, each with the row that it met. */
export function usageAfter(
  usage: Usage,
  steps: readonly { readonly change: Change; readonly met: Row | undefined }[],
): Usage {
  const after = new Map(usage)
  for (const { change, met } of steps) {
    const { keys, bytes } = after.get(change.kind) ?? { keys: 0, bytes: 0 }
    const step = usageStep(change, met)
    after.set(change.kind, { keys: keys + step.keys, bytes: bytes + step.bytes })
  }
  return after
}

/** The refusal of a batch that takes a scope past a bound; giving back is allowed to one that is past it already. */
export function overQuota(quota: Quota, before: Usage, after: Usage): StoreError | undefined {
  const [used, wanted] = [totalsOf(before), totalsOf(after)]
  for (const name of ["keys", "kinds", "bytes"] as const) {
    const limit = quota[name]
    if (limit === undefined || wanted[name] <= limit || wanted[name] <= used[name]) continue
    const scope = namespacesOf(quota.scope)
    const shown = namespaceText(quota.scope)
    return new StoreError(
      "quota_exceeded",
      `The scope ${shown} may hold ${limit} ${name}; it has ${used[name]} and would have ${wanted[name]}`,
      {
        details: {
          scope,
          limit: name,
          allowed: limit,
          used: used[name],
          wanted: wanted[name],
        },
        hint: "Nothing was written; delete something first, or open the scope with a larger quota",
      },
    )
  }
  return undefined
}

/** The bytes that an entry takes in its scope's quota. */
export function sizeOf(key: string, value: unknown): number {
  return byteLength(key) + valueSize(value)
}

function valueSize(value: unknown): number {
  if (!(value instanceof Packed)) return byteLength(JSON.stringify(value))
  return typeof value.data === "string" ? byteLength(value.data) : value.data.length
}

/** The length of a text in UTF-8. */
function byteLength(text: string): number {
  let length = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    // A surrogate pair is two units and four bytes.
    if (unit >= 0x80) length += unit < 0x800 || isSurrogate(unit) ? 1 : 2
  }
  return length
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}

/** What a scope takes. The kinds that Tidemark keeps in it for itself do not count. */
export function totalsOf(usage: Usage): ScopeUsage {
  const totals = { keys: 0, kinds: 0, bytes: 0 }
  for (const [kind, { keys, bytes }] of usage) {
    if (isReserved(localKind(kind))) continue
    totals.keys += keys
    totals.bytes += bytes
    if (keys > 0) totals.kinds++
  }
  return totals
}
