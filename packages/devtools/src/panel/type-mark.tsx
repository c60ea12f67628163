import type { ChangeType } from "@tidemark/core"
import type { VNode } from "preact"

/** What a change did, in its colour. */
export function TypeMark({ type }: { readonly type: ChangeType }): VNode {
  return (
    <span class="type" data-type={type}>
      {type}
    </span>
  )
}
