import type { KindRange } from "./engine.ts"
import { SCOPES } from "./scope-name.ts"

/** The kinds that are in no scope. */
export const UNSCOPED: KindRange = { prefix: SCOPES, outside: true }

/** Whether kinds are listed one by one. */
export function isList(
  kinds: readonly string[] | KindRange | undefined,
): kinds is readonly string[] {
  return Array.isArray(kinds)
}

/** Whether a kind lies in a range; without one, each does. */
export function kindTest(range: KindRange | undefined): (kind: string) => boolean {
  if (range === undefined) return () => true
  const { prefix, outside = false } = range
  return (kind) => kind.startsWith(prefix) !== outside
}
