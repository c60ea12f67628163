import type { Authorization } from "@tidemark/sync"
import { SHARED } from "../atlas/kinds.ts"
import { visitorOf } from "./visitor.ts"

/** Lets every visitor read and write what is shared. Atlas knows no accounts. */
export function authorize(request: Request): Authorization | undefined {
  const visitor = visitorOf(request.headers.get("cookie") ?? "")
  return visitor === undefined ? undefined : { principal: visitor, kinds: SHARED }
}
