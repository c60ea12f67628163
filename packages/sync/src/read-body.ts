import { type Clock, StoreError } from "@tidemark/core"

export interface BodyLimits {
  /** In bytes. */
  readonly size: number
  /** In milliseconds. */
  readonly time: number
  readonly clock: Clock
  /** Ends the reading early. */
  readonly signal: AbortSignal
}

/**
 * The text of a request, read no further than a limit and no longer than a time.
 *
 * @throws StoreError `quota_exceeded` for a body of more bytes, `aborted` for one that does not
 * come whole in time, `invalid_value` for one that is no text.
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<string> {
  const { size, time, clock, signal } = limits
  if (Number(request.headers.get("content-length") ?? 0) > size) throw tooLarge(size)
  if (request.body === null) return ""
  const reader = request.body.getReader()
  let isLate = false
  const stop = () => {
    isLate = true
    // Not awaited: who does not send may not let go either.
    reader.cancel().catch(() => {})
  }
  const cancelTimer = clock.after(time, stop)
  signal.addEventListener("abort", stop)
  if (signal.aborted) stop()
  try {
    const bytes = await bytesOf(reader, size)
    if (isLate) throw tooLate(time)
    return textOf(bytes)
  } finally {
    cancelTimer()
    signal.removeEventListener("abort", stop)
    reader.cancel().catch(() => {})
  }
}

/** In one piece of memory: bytes that come one by one cost no more than others. */
async function bytesOf(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  limit: number,
): Promise<Uint8Array> {
  let bytes = new Uint8Array(1024)
  let size = 0
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new StoreError("aborted", "The request was cut off", { cause })
    })
    if (done) return bytes.subarray(0, size)
    const end = size + value.byteLength
    if (end > limit) throw tooLarge(limit)
    if (end > bytes.byteLength) {
      const larger = new Uint8Array(Math.max(end, bytes.byteLength * 2))
      larger.set(bytes.subarray(0, size))
      bytes = larger
    }
    bytes.set(value, size)
    size = end
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new StoreError("invalid_value", "The request is not in UTF-8", { cause })
  }
}

function tooLarge(limit: number): StoreError {
  return new StoreError("quota_exceeded", `The request is larger than ${limit} bytes`, {
    details: { limit },
    hint: "Send fewer writes at once",
  })
}

function tooLate(time: number): StoreError {
  return new StoreError("aborted", `The request did not come whole in ${time} ms`, {
    details: { time },
  })
}
