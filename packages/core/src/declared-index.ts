import type { Kinds } from "./kinds.ts"

/** An index that the declared kinds ask for. */
export interface DeclaredIndex {
  /** The kind's local name: each scope's kind of this name has the index too. */
  readonly kind: string
  /** Paths as a query names them. */
  readonly fields: readonly string[]
  /** The version of the kind's schema whose fields these are. */
  readonly schema: number
}

/** The indexes that kinds ask for, each once. */
export function declaredIndexes(kinds: Kinds): readonly DeclaredIndex[] {
  const found = new Map<string, DeclaredIndex>()
  for (const [kind, { indexes = [], version = 1 }] of Object.entries(kinds)) {
    for (const index of indexes) {
      const fields = typeof index === "string" ? [index] : index
      found.set(JSON.stringify([kind, fields]), { kind, fields: [...fields], schema: version })
    }
  }
  return [...found.values()]
}
