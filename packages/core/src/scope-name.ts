import { StoreError } from "./errors.ts"
import { checkKind, checkName, RESERVED_PREFIX } from "./names.ts"

/** Kinds of scopes begin so. */
export const SCOPES: string = `${RESERVED_PREFIX}scope/`

/**
 * The name of a scope inside the store: its namespaces from the outermost in, each escaped, so
 * that no two scopes and no kind share a name and one inside another begins with its name.
 *
 * @throws StoreError `invalid_key` for a namespace that is empty, ill-formed or too long.
 */
export function scopeName(outer: string | undefined, namespace: string): string {
  checkName("namespace", namespace)
  if (namespace === "") {
    throw new StoreError("invalid_key", "The namespace of a scope is empty", {
      details: { namespace },
      hint: "Give the scope a name",
    })
  }
  const escaped = encodeURIComponent(namespace)
  return outer === undefined ? `${SCOPES}${escaped}` : `${outer}/${escaped}`
}

/** The namespaces of a scope, from the outermost in. */
export function namespacesOf(scope: string): readonly string[] {
  return scope.slice(SCOPES.length).split("/").map(decodeURIComponent)
}

/** The namespaces of a scope for a message: `"outer"/"inner"`. */
export function namespaceText(scope: string): string {
  return namespacesOf(scope)
    .map((namespace) => JSON.stringify(namespace))
    .join("/")
}

/** The name that a scope's kind has in the store. */
export function scopedKind(scope: string, kind: string): string {
  return `${scope}:${kind}`
}

/** Whether a kind of the store belongs to a scope. */
export function isScoped(kind: string): boolean {
  return kind.startsWith(SCOPES)
}

/**
 * Checks the name of a kind as it is given to a store: to one of a scope only that scope leads.
 *
 * @throws StoreError `invalid_key`
 */
export function checkOwnKind(kind: unknown): asserts kind is string {
  checkKind(kind)
  if (!isScoped(kind)) return
  throw new StoreError("invalid_key", `The kind ${JSON.stringify(kind)} belongs to a scope`, {
    details: { kind },
    hint: "Open that with scope(), and use the name that the kind has there",
  })
}

/** The name that a kind has for who is inside its scope, or in no scope. */
export function localKind(kind: string): string {
  return isScoped(kind) ? kind.slice(kind.indexOf(":", SCOPES.length) + 1) : kind
}

/** Whether a kind of the store lies in a scope, or in a scope inside it. */
export function isInScope(kind: string, scope: string): boolean {
  if (!kind.startsWith(scope)) return false
  const next = kind[scope.length]
  return next === ":" || next === "/"
}
