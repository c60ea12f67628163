import type { Change } from "@tidemark/core"
import { filter, type OperatorFunction } from "rxjs"

/**
 * Lets changes of some kinds pass, and gives their values the type that their kind declares.
 *
 * @example
 * changes$(store, "*").pipe(ofKind("users")) // change.value is a user
 */
export function ofKind<C extends Change, const N extends string>(
  ...kinds: readonly N[]
): OperatorFunction<C, OfKind<C, N>> {
  return filter((change): change is OfKind<C, N> =>
    (kinds as readonly string[]).includes(change.kind),
  )
}

/** The changes among `C` that are of kind `N`. */
export type OfKind<C extends Change, N extends string> = N extends unknown
  ? [Extract<C, { readonly kind: N }>] extends [never]
    ? C & { readonly kind: N }
    : Extract<C, { readonly kind: N }>
  : never
