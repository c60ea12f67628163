import { StoreError } from "@tidemark/core"
import { type Hello, parseClientMessage } from "./message.ts"
import { checkFrame } from "./message-limits.ts"
import { parseJson } from "./parse-json.ts"

/** Characters of a hello; more would only be names of kinds that nobody has. */
const LONGEST = 64 * 1024

/**
 * The hello of a stream; an EventSource that comes back says in a header where it stood.
 *
 * @throws StoreError `invalid_value`, `quota_exceeded`
 */
export function helloOf(request: Request): Hello {
  const text = new URL(request.url).searchParams.get("hello") ?? ""
  if (text.length > LONGEST) {
    throw new StoreError("quota_exceeded", `A hello may have ${LONGEST} characters`)
  }
  const hello = parseJson(text)
  checkFrame(hello)
  const last = request.headers.get("last-event-id")
  const position = last === null ? {} : { position: Number(last) }
  const message = parseClientMessage({ ...(hello as object), ...position, type: "hello" })
  if (message.type === "hello") return message
  throw new StoreError("invalid_value", "A GET carries a hello")
}
