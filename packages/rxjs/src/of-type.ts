import type { Change, ChangeType } from "@tidemark/core"
import { filter, type OperatorFunction } from "rxjs"

/**
 * Lets changes of some types pass.
 *
 * @example
 * changes$(store, "orders").pipe(ofType("create", "delete"))
 */
export function ofType<C extends Change, T extends ChangeType>(
  ...types: readonly T[]
): OperatorFunction<C, C & { readonly type: T }> {
  return filter((change): change is C & { readonly type: T } =>
    (types as readonly ChangeType[]).includes(change.type),
  )
}
