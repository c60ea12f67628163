import type { ComponentChildren, VNode } from "preact"
import type { Failure } from "../failure.ts"

/** What went wrong, and what to do next. */
export function FailureNotice({
  failure,
  children,
}: {
  readonly failure: Failure
  readonly children?: ComponentChildren
}): VNode {
  return (
    <div class="notice failure" role="alert">
      <p>
        {failure.code !== undefined && <code class="code">{failure.code}</code>} {failure.message}
      </p>
      {failure.hint !== undefined && <p class="hint">{failure.hint}</p>}
      {children}
    </div>
  )
}

/** Something to know, with nothing gone wrong. */
export function Notice({ children }: { readonly children: ComponentChildren }): VNode {
  return (
    <div class="notice" role="status">
      {children}
    </div>
  )
}

/** What stands where there is nothing to show. */
export function Empty({
  title,
  children,
}: {
  readonly title: string
  readonly children?: ComponentChildren
}): VNode {
  return (
    <div class="empty">
      <p class="title">{title}</p>
      {children !== undefined && <p>{children}</p>}
    </div>
  )
}
