import { type ErrorRecord, StoreError } from "@tidemark/core"

/** So many characters of an error are kept. */
const MOST_TEXT = 2_000

/** Why a mutation can be refused for good: these depend on the log alone, so a repeat ends the same. */
const FINAL = [
  "conflict",
  "invalid_key",
  "invalid_value",
  "not_found",
  "quota_exceeded",
  "schema_too_new",
  "unauthorized",
  "unsupported",
  "validation_failed",
] as const

/** Whether a mutation that met this error is refused for good; else it may be tried again. */
export function isFinal(error: unknown): error is StoreError {
  return StoreError.is(error, ...FINAL)
}

/** An error as the log can keep it: without details that JSON does not carry, or that are too long. */
export function recordOf(error: StoreError): ErrorRecord {
  const { code, message, hint, details } = error.toJSON()
  const short = {
    code,
    message: message.slice(0, MOST_TEXT),
    ...(hint === undefined ? {} : { hint: hint.slice(0, MOST_TEXT) }),
  }
  try {
    const told = JSON.stringify(details ?? {})
    if (told.length > MOST_TEXT) return short
    return { ...short, details: JSON.parse(told) as Record<string, unknown> }
  } catch {
    return short // It has what JSON cannot carry at all.
  }
}
