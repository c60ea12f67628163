import { StoreError } from "@tidemark/core"

/**
 * The text of a request, read no further than a limit.
 *
 * @throws StoreError `quota_exceeded` for a body of more bytes.
 */
export async function readBody(request: Request, limit: number): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge(limit)
  const decoder = new TextDecoder()
  let text = ""
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge(limit)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function tooLarge(limit: number): StoreError {
  return new StoreError("quota_exceeded", `The request is larger than ${limit} bytes`, {
    details: { limit },
    hint: "Send fewer writes at once",
  })
}
