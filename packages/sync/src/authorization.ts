import { StoreError } from "@tidemark/core"
import { isReserved } from "@tidemark/core/engine"

/** What a principal may do. */
export interface Authorization {
  /** Who it is. A client id belongs to the principal that used it first. */
  readonly principal: string
  /** The kinds it may follow and write; all of the application's when not given. */
  readonly kinds?: readonly string[]
  /** Whether it may write. Default true. */
  readonly write?: boolean
}

/** Whether a principal may follow a kind. */
export function mayRead(authorization: Authorization, kind: string): boolean {
  return (
    !isReserved(kind) && (authorization.kinds === undefined || authorization.kinds.includes(kind))
  )
}

/** @throws StoreError `unauthorized` when a principal may not write to a kind. */
export function checkWrite(authorization: Authorization, kind: string): void {
  if (mayRead(authorization, kind) && authorization.write !== false) return
  throw new StoreError("unauthorized", `You may not write to ${JSON.stringify(kind)}`, {
    details: { kind },
    hint: "Ask whoever runs the server for access",
  })
}
